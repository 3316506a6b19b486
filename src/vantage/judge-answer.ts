import { X509Certificate } from 'node:crypto';
import type { Raw } from './actions.ts';
import type { Destination } from './destination.ts';
import type { Judgement } from './judgement.ts';
import { readDnsAnswer, readHttpStatus, readNtpAnswer } from './packets.ts';

/** Answers of proxies and gateways that speak for a server they do not reach. */
const NO_SERVER_BEHIND = new Set([407, 502, 503, 504]);

/** Judges what came once the way was open: whether it is the service meant. */
export function judgeAnswer(destination: Destination, raw: Raw): Judgement {
  const reply = Buffer.from(raw.reply ?? '', 'base64');
  switch (destination.kind) {
    case 'tcp':
    case 'icmp':
      return { status: 'ok', text: 'open' };
    case 'udp':
      return raw.step === 'done'
        ? { status: 'ok', text: 'it answers' }
        : { status: 'unclear', text: 'silence, which over UDP proves nothing' };
    case 'dns':
    case 'ntp':
      // A datagram that is not answered has come nowhere as far as anyone can tell.
      if (raw.step !== 'done') return { status: 'timeout', text: 'no answer' };
      return destination.kind === 'dns' ? judgeDns(reply, destination.question) : judgeNtp(reply);
    case 'ssh':
    case 'http':
    case 'https':
      return judgeStream(destination.kind, reply, raw);
  }
}

function judgeStream(kind: 'ssh' | 'http' | 'https', reply: Buffer, raw: Raw): Judgement {
  if (reply.length === 0) {
    const how = raw.error === 'ETIMEDOUT' ? 'says nothing' : 'hangs up at once';
    return { status: 'wrong-answer', text: `the port is open, but it ${how}` };
  }
  if (kind === 'ssh') {
    const banner = /^SSH-[\x21-\x7e]{1,60}/.exec(reply.toString('latin1'))?.[0];
    return banner === undefined
      ? { status: 'wrong-answer', text: 'the port is open, but it is no SSH server' }
      : { status: 'ok', text: `open, ${banner}` };
  }
  const status = readHttpStatus(reply);
  const certificate = raw.certificate === undefined ? undefined : describeCertificate(raw.certificate);
  const identity = certificate === undefined ? {} : { identity: certificate.sha256 };
  const more = certificate === undefined ? '' : `, certificate ${certificate.text}`;
  if (status === null)
    return { status: 'wrong-answer', text: `it answers, but not in HTTP${more}`, ...identity };
  if (NO_SERVER_BEHIND.has(status)) {
    return {
      status: 'wrong-answer',
      text: `HTTP ${status}: a proxy or gateway answers in its place${more}`,
      ...identity,
    };
  }
  return { status: 'ok', text: `HTTP ${status}${more}`, ...identity };
}

function describeCertificate(der: string): { readonly sha256: string; readonly text: string } | undefined {
  try {
    const { subject, fingerprint256, validTo } = new X509Certificate(Buffer.from(der, 'base64'));
    const name = /^CN=(.+)$/m.exec(subject)?.[1] ?? (subject.replaceAll('\n', ', ') || 'without a name');
    return { sha256: fingerprint256.replaceAll(':', '').toLowerCase(), text: `${name}, valid to ${validTo}` };
  } catch {
    return undefined;
  }
}

function judgeDns(reply: Buffer, question: string | undefined): Judgement {
  const answer = readDnsAnswer(reply);
  if (answer === null) return { status: 'wrong-answer', text: 'it answers, but not as a DNS server' };
  if (answer.code === 'SERVFAIL' || answer.code === 'REFUSED') {
    // Refusing our idle question is an answer of a server that works for others.
    const status = question === undefined && answer.code === 'REFUSED' ? 'ok' : 'wrong-answer';
    return { status, text: `the DNS server answers ${answer.code}` };
  }
  if (question === undefined) return { status: 'ok', text: 'the DNS server answers' };
  return answer.answers > 0
    ? { status: 'ok', text: `the DNS server knows ${question}` }
    : { status: 'wrong-answer', text: `the DNS server does not know ${question} (${answer.code})` };
}

function judgeNtp(reply: Buffer): Judgement {
  const answer = readNtpAnswer(reply);
  if (answer === null) return { status: 'wrong-answer', text: 'it answers, but not as a time server' };
  return answer.synchronised
    ? { status: 'ok', text: `the time server answers, stratum ${answer.stratum}` }
    : { status: 'wrong-answer', text: 'the time server answers that it does not know the time itself' };
}
