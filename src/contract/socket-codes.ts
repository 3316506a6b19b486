/** System and library codes that say of a connection what another one says: the same thing to do for whoever reads it. */
const SAME: Readonly<Record<string, string>> = {
  ENETUNREACH: 'EHOSTUNREACH',
  EHOSTDOWN: 'EHOSTUNREACH',
  ENETDOWN: 'EHOSTUNREACH',
  EADDRNOTAVAIL: 'EHOSTUNREACH',
  EINVAL: 'EHOSTUNREACH',
  EACCES: 'EHOSTUNREACH',
  EPERM: 'EHOSTUNREACH',
  EAI_AGAIN: 'ENOTFOUND',
  EAI_FAIL: 'ENOTFOUND',
  EPIPE: 'ECONNRESET',
  ECONNABORTED: 'ECONNRESET',
  ERR_STREAM_PREMATURE_CLOSE: 'ECONNRESET',
};

/** The code that stands for all of its kind: ECONNREFUSED, ETIMEDOUT, ENOTFOUND, EHOSTUNREACH or ECONNRESET; others stay as they are. */
export function kindOfSocketCode(code: string): string {
  return SAME[code] ?? code;
}
