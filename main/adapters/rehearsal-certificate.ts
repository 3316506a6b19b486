import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

/** A private key and its self-signed certificate, both PEM. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

/** Object identifiers in their DER form: ecdsa-with-SHA256, commonName, subjectAltName, basicConstraints (RFC 5280, 5758). */
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const ALTERNATIVE_NAME = Buffer.from('0603551d11', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
const TRUE = Buffer.from('0101ff', 'hex');
const DAY = 86_400_000;

/**
 * Makes a certificate for one IPv4 address, valid for a year, or one that ended yesterday. Written here because a laptop
 * on which somebody rehearses need not have openssl.
 */
export function makeSelfSigned(
  address: string,
  name: string,
  isExpired: boolean,
  now = new Date(),
): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const from = now.getTime() - (isExpired ? 400 : 1) * DAY;
  const to = now.getTime() + (isExpired ? -1 : 365) * DAY;
  const algorithm = der(0x30, ECDSA_SHA256);
  const subject = der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, Buffer.from(name)))));
  const addresses = der(0x30, der(0x87, Buffer.from(address.split('.').map(Number))));
  const extensions = der(
    0x30,
    der(0x30, ALTERNATIVE_NAME, der(0x04, addresses)),
    der(0x30, BASIC_CONSTRAINTS, TRUE, der(0x04, der(0x30, TRUE))),
  );
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const signed = der(
    0x30,
    ...[der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, serial), algorithm, subject],
    ...[der(0x30, time(from), time(to)), subject, publicKey.export({ type: 'spki', format: 'der' })],
    der(0xa3, extensions),
  );
  const signature = createSign('SHA256').update(signed).sign(privateKey);
  const certificate = der(0x30, signed, algorithm, der(0x03, Buffer.from([0]), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(certificate),
  };
}

/** One DER element: tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** UTCTime, good until 2049. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
