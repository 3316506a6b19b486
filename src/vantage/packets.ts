const DNS_ID = 0x4252;
const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
/** Seconds from the epoch of NTP (1900) to that of Unix. */
export const NTP_EPOCH = 2208988800;

/** A DNS query for the A record of a name (RFC 1035, 4.1), base64. */
export function dnsQuestion(name: string): string {
  const labels = name.split('.').filter((label) => label !== '');
  const question = labels.flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')]);
  const header = [DNS_ID >> 8, DNS_ID & 0xff, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  return Buffer.from([...header, ...question, 0, 0, 1, 0, 1]).toString('base64');
}

/** What a DNS server answered; null for bytes that are no answer to our question. */
export function readDnsAnswer(reply: Buffer): { readonly code: string; readonly answers: number } | null {
  if (reply.length < 12 || reply.readUInt16BE(0) !== DNS_ID || (reply.readUInt8(2) & 0x80) === 0) return null;
  const code = reply.readUInt8(3) & 0x0f;
  return { code: RCODES[code] ?? `RCODE ${code}`, answers: reply.readUInt16BE(6) };
}

/** A client request of NTP version 4 (RFC 5905, 7.3), base64. */
export const NTP_QUESTION = Buffer.from([0x23, ...new Array<number>(47).fill(0)]).toString('base64');

/** What a time server answered: whether it has the time itself, from how far up, and its clock in Unix seconds. */
export function readNtpAnswer(
  reply: Buffer,
): { readonly synchronised: boolean; readonly stratum: number; readonly time: number } | null {
  if (reply.length < 48 || (reply.readUInt8(0) & 0x07) !== 4) return null;
  const stratum = reply.readUInt8(1);
  const synchronised = reply.readUInt8(0) >> 6 !== 3 && stratum > 0 && stratum < 16;
  return { synchronised, stratum, time: reply.readUInt32BE(40) - NTP_EPOCH };
}

/** A HEAD request, base64. */
export function httpHead(host: string, path: string): string {
  const lines = [
    `HEAD ${path} HTTP/1.1`,
    `Host: ${host}`,
    'User-Agent: bringup',
    'Connection: close',
    '',
    '',
  ];
  return Buffer.from(lines.join('\r\n'), 'latin1').toString('base64');
}

/** The status of an HTTP answer; null where it is none. */
export function readHttpStatus(reply: Buffer): number | null {
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(reply.toString('latin1'))?.[1];
  return status === undefined ? null : Number(status);
}
