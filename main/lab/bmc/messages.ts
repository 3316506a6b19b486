/** The answer to one request; no body means an empty one. */
export interface RedfishAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A value to be written as JSON, or text that is JSON already. */
  readonly body?: unknown;
  readonly text?: string;
}

interface MessageInfo {
  readonly resolution?: string;
  readonly severity?: 'OK' | 'Warning' | 'Critical';
  readonly args?: readonly string[];
  readonly property?: string;
}

/** One entry of `@Message.ExtendedInfo`. `id` is a key of a registry, such as `Base.1.12.PropertyUnknown`. */
export function messageOf(
  id: string,
  message: string,
  info: MessageInfo = {},
): Readonly<Record<string, unknown>> {
  const { args = [], severity = 'Critical' } = info;
  return {
    '@odata.type': '#Message.v1_1_1.Message',
    MessageId: id,
    Message: message,
    MessageArgs: args,
    'MessageArgs@odata.count': args.length,
    ...(info.property === undefined ? {} : { RelatedProperties: [`#/${info.property}`] }),
    MessageSeverity: severity,
    Severity: severity,
    Resolution: info.resolution ?? 'None.',
  };
}

/** A refusal in the form of DSP0266 "Error responses", with one or more extended messages. */
export function refusal(
  status: number,
  messages: readonly Readonly<Record<string, unknown>>[],
  headers?: Readonly<Record<string, string>>,
): RedfishAnswer {
  const body = {
    error: {
      code: 'Base.1.12.GeneralError',
      message: 'A general error has occurred. See ExtendedInfo for more information.',
      '@Message.ExtendedInfo': messages,
    },
  };
  return { status, body, ...(headers === undefined ? {} : { headers }) };
}

/** A refusal with one message of the Base registry. */
export function refuse(status: number, id: string, message: string, info: MessageInfo = {}): RedfishAnswer {
  return refusal(status, [messageOf(id.includes('.') ? id : `Base.1.12.${id}`, message, info)]);
}

/** 200 with the success message that BMCs send for a PATCH and most actions. */
export function success(headers?: Readonly<Record<string, string>>, status = 200): RedfishAnswer {
  const info = messageOf('Base.1.12.Success', 'The request completed successfully.', { severity: 'OK' });
  return { status, body: { '@Message.ExtendedInfo': [info] }, ...(headers === undefined ? {} : { headers }) };
}

export function notFound(uri: string): RedfishAnswer {
  return refuse(404, 'ResourceMissingAtURI', `The resource at the URI ${uri} was not found.`, {
    args: [uri],
    resolution: 'Place a valid resource at the URI or correct the URI and resubmit the request.',
  });
}

export function notAllowed(method: string, uri: string, allow: readonly string[]): RedfishAnswer {
  const answer = refuse(405, 'OperationNotAllowed', `The operation ${method} is not allowed on ${uri}.`, {
    resolution: `Use one of ${allow.join(', ')}.`,
  });
  return { ...answer, headers: { Allow: allow.join(', ') } };
}
