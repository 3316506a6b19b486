import type { BringupError } from '../../contract/errors.ts';
import type { Answer } from './http.ts';
import { redfishError, type ErrorDetails } from './errors.ts';
import { isObject } from './json.ts';

/** What an error body says: message ids, and the sentences for people. DSP0266, section "Error responses". */
export interface Said {
  readonly ids: readonly string[];
  readonly text: string;
}

/** Reads an error body of whatever form. */
export function readError(body: string): Said {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    const plain = body
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    return { ids: [], text: plain.slice(0, 300) };
  }
  const error = isObject(value) && isObject(value['error']) ? value['error'] : value;
  if (!isObject(error)) return { ids: [], text: '' };
  const infos = [error['@Message.ExtendedInfo']].flat().filter(isObject);
  const ids = infos
    .map((info) => info['MessageId'])
    .concat(error['code'])
    .filter(isText);
  const texts = infos.map((info) => info['Message']).filter(isText);
  const text = texts.length > 0 ? texts.join(' ') : messageOf(error);
  return { ids, text: text.slice(0, 500) };
}

function messageOf(error: Readonly<Record<string, unknown>>): string {
  const message = error['message'];
  if (isText(message)) return message;
  return isObject(message) && isText(message['value']) ? message['value'] : '';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Whether the BMC refuses a session only because it has too many: iDRAC says so with 503, others with 4xx. */
export function isSessionLimit(said: Said): boolean {
  return (
    said.ids.some((id) => /SessionLimitExceeded|RAC0218|CreateLimitReached|ResourceExhaustion/i.test(id)) ||
    /(maximum|limit|too many|all).{0,40}sessions?/i.test(said.text)
  );
}

/** Whether the account is locked or delayed after wrong passwords. */
export function isLocked(said: Said): boolean {
  return [...said.ids, said.text].some((text) =>
    /\block(ed)?[- ]?(out|ed)\b|AccountLocked|UserLocked|is locked|LoginAttemptDelayed|attempts? (delayed|exceeded)/i.test(
      text,
    ),
  );
}

/** Whether the BMC wants a new password before anything else, as factory-new ones do. */
export function wantsNewPassword(said: Said): boolean {
  return said.ids.some((id) => /PasswordChangeRequired/i.test(id));
}

/** An answer that is an error, as a sentence. `what` is the request: `GET /redfish/v1/Systems`. */
export function statusError(name: string, what: string, answer: Answer): BringupError {
  const said = readError(answer.body);
  const details: ErrorDetails = {
    evidence: [{ source: `${what} at ${name}`, text: `HTTP ${answer.status} ${said.text}`.trim() }],
  };
  if (answer.status === 404 || answer.status === 410) {
    return redfishError(
      'REDFISH_NOT_FOUND',
      `${name} has no ${what.replace(/^GET /, '')}.`,
      'This BMC does not offer that resource.',
      details,
    );
  }
  if (wantsNewPassword(said)) return passwordChange(name, details);
  if (answer.status === 401) {
    return redfishError(
      'REDFISH_FORBIDDEN',
      `${name} wants a login for ${what} and takes none of those offered.`,
      'Check that the stored user may use Redfish (on iLO and iDRAC a right of its own), and store another one otherwise.',
      details,
    );
  }
  if (answer.status === 403) {
    return redfishError(
      'REDFISH_FORBIDDEN',
      `${name} lets this user in, but not do ${what}.`,
      'Give the user the role Administrator, or Operator with login and configuration rights, on the BMC; some parts also need a licence.',
      details,
    );
  }
  if (answer.status === 412) {
    return redfishError(
      'REDFISH_CHANGED',
      `Somebody else changed ${what} at ${name} in the meantime.`,
      'Read it again, then decide anew.',
      details,
    );
  }
  if (answer.status === 429 || answer.status === 503) {
    return redfishError(
      'REDFISH_BUSY',
      `${name} is too busy to answer ${what}, again and again (HTTP ${answer.status}).`,
      'Wait until its updates and jobs have ended and close other sessions; if it stays, reset the BMC (not the server).',
      details,
    );
  }
  return redfishError(
    'REDFISH_HTTP',
    `${name} answers ${what} with HTTP ${answer.status}${said.text === '' ? '' : `: ${said.text}`}`,
    answer.status >= 500
      ? 'The BMC has a fault or is still starting: wait five minutes, then reset the BMC (not the server) and update its firmware.'
      : 'The BMC does not take that request: its firmware may be too old.',
    details,
  );
}

/** An answer that should have been a resource and is none. */
export function malformed(name: string, what: string, wrong: string): BringupError {
  return redfishError(
    'REDFISH_MALFORMED',
    `${name} answers ${what} with ${wrong}.`,
    'The Redfish service of the BMC is at fault: reset the BMC (not the server) and update its firmware.',
  );
}

/** A factory-new BMC. */
export function passwordChange(name: string, details: ErrorDetails): BringupError {
  return redfishError(
    'REDFISH_PASSWORD_CHANGE',
    `${name} wants a new password before it does anything else, as factory-new BMCs do.`,
    "Set the password in the BMC's web page, then store it: bringup credentials set NAME.",
    details,
  );
}
