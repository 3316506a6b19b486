import type { Json } from './types.ts';

/** The answer to one request: a value to be written as JSON, or nothing. */
export interface OmeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A request that OME refuses; it becomes the answer. */
export class OmeRefusal extends Error {
  readonly answer: OmeAnswer;

  constructor(answer: OmeAnswer, message: string) {
    super(message);
    this.answer = answer;
  }
}

interface Wording {
  readonly args?: readonly string[];
  readonly resolution?: string;
  readonly severity?: 'Critical' | 'Warning';
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal in the shape of OME's errors: one general sentence, and the reason with its message id in ExtendedInfo. */
export function refusal(status: number, messageId: string, message: string, how: Wording = {}): OmeRefusal {
  const info: Json = {
    MessageId: messageId,
    RelatedProperties: [],
    Message: message,
    MessageArgs: how.args ?? [],
    Severity: how.severity ?? 'Critical',
    Resolution: how.resolution ?? 'Enter a valid value and retry the operation.',
  };
  const body = {
    error: {
      code: 'Base.1.0.GeneralError',
      message: 'A general error has occurred. See ExtendedInfo for more information.',
      '@Message.ExtendedInfo': [info],
    },
  };
  const answer = { status, body, ...(how.headers === undefined ? {} : { headers: how.headers }) };
  return new OmeRefusal(answer, message);
}

/** CGEN1006: there is nothing under this address. */
export function unknownUri(): OmeRefusal {
  return refusal(
    404,
    'CGEN1006',
    'Unable to complete the request because the resource URI does not exist or is not implemented.',
    { resolution: 'Enter a valid URI and retry the operation.' },
  );
}

/** CGEN6002: a value is missing or wrong; `property` is its name. */
export function invalidValue(property: string): OmeRefusal {
  return refusal(
    400,
    'CGEN6002',
    `Unable to complete the request because the input value for  ${property}  is missing or an invalid value is entered.`,
    { args: [property] },
  );
}

/** CGEN1014: a value has the wrong form. */
export function malformedValue(what: string): OmeRefusal {
  return refusal(
    400,
    'CGEN1014',
    `Unable to complete the operation because an invalid value is entered for the property ${what} .`,
    { args: [what] },
  );
}
