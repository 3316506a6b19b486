import { execa } from 'execa';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BringupError } from '../../../src/contract/errors.ts';

/** A private key and its self-signed certificate, both PEM. */
export interface BmcCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate for these addresses and names by openssl, valid for a year, as a BMC makes its own. BMC_CERTIFICATE_FAILED. */
export async function makeCertificate(names: readonly string[]): Promise<BmcCertificate> {
  const alternatives = names.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`).join(',');
  return inScratch(async (folder) => {
    const [key, cert] = [path.join(folder, 'key'), path.join(folder, 'cert')];
    await openssl([
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-noenc',
        '-days',
        '365',
      ],
      ...[
        '-subj',
        `/O=Bringup BMC simulator/CN=${names[0] ?? 'bmc'}`,
        '-addext',
        `subjectAltName=${alternatives}`,
      ],
      ...['-keyout', key, '-out', cert],
    ]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  });
}

/** The same certificate with an end that is past. */
export async function expireCertificate(certificate: BmcCertificate): Promise<BmcCertificate> {
  return inScratch(async (folder) => {
    const [key, cert, expired] = ['key', 'cert', 'expired'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(key, certificate.key, { mode: 0o600 });
    await writeFile(cert, certificate.cert);
    await openssl(['x509', '-in', cert, '-signkey', key, '-days', '-1', '-out', expired]);
    return { key: certificate.key, cert: await readFile(expired, 'utf8') };
  });
}

/** Fingerprint of a PEM certificate as site files pin it: SHA-256 of its DER form, lower-case hex. */
export function certificatePin(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}

async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-bmc-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openssl(args: readonly string[]): Promise<void> {
  const done = await execa('openssl', args, { reject: false, stdin: 'ignore' });
  if (!done.failed) return;
  throw new BringupError({
    code: 'BMC_CERTIFICATE_FAILED',
    message: 'The simulated BMC got no TLS certificate.',
    hint: 'It is made by the program openssl; install it, or serve plain http on loopback.',
    evidence: [{ source: 'openssl', text: done.stderr === '' ? String(done.shortMessage) : done.stderr }],
  });
}
