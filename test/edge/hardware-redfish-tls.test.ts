import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createRedfishClient } from '../../src/hardware/index.ts';
import type { RedfishClient, RedfishClientOptions } from '../../src/hardware/redfish/types.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { LOGIN, makeCertificate, ownCertificate, startBmc, type TestBmc } from './hardware-bmc.ts';
import { closeAfterEach, SYSTEM } from './hardware-rig.ts';
import { freePort, logIn, refusal, startSshd } from './remote-sshd.ts';

const opened = closeAfterEach();

async function start(options: Parameters<typeof startBmc>[0] = {}): Promise<TestBmc> {
  return opened(await startBmc(options));
}

function to(base: string, more: Partial<RedfishClientOptions> = {}): RedfishClient {
  const limits = { connectSeconds: 5, backoffSeconds: 0.01 };
  return opened(createRedfishClient({ base, credential: LOGIN, limits, ...more }));
}

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

describe('certificates', () => {
  it('shows an unknown one with all that is needed to compare it, before anything is sent', async () => {
    const { sha256 } = await ownCertificate();
    const bmc = await start();
    const client = to(bmc.base);
    const error = await refusal(client.get(SYSTEM));
    expect(error).toMatchObject({ code: 'REDFISH_CERTIFICATE_UNKNOWN', exit: 3 });
    expect(error.message).toContain(plain(sha256));
    expect(error.message).toContain('CN=test-bmc');
    expect(error.hint).toContain('Compare');
    expect(bmc.seen).toEqual([]);
    expect(client.certificate()).toMatchObject({ sha256: plain(sha256), subject: 'O=Test, CN=test-bmc' });
  });

  it('takes the pinned one, as openssl prints it or plain, and one accepted now', async () => {
    const { sha256 } = await ownCertificate();
    const bmc = await start();
    for (const trust of [{ pin: sha256 }, { pin: plain(sha256) }, { accept: ['00', sha256] }]) {
      expect(await to(bmc.base, { trust }).get(SYSTEM)).toMatchObject({ Id: '1' });
    }
  });

  it('refuses another one than the pinned, whoever signed it, and shows both', async () => {
    const { sha256, cert } = await ownCertificate();
    const bmc = await start();
    const pin = 'AB'.repeat(32);
    const error = await refusal(to(bmc.base, { trust: { pin, ca: cert } }).get(SYSTEM));
    expect(error).toMatchObject({ code: 'REDFISH_CERTIFICATE_CHANGED', exit: 3 });
    expect(error.message).toContain(pin.toLowerCase());
    expect(error.message).toContain(plain(sha256));
    expect(bmc.seen).toEqual([]);
    expect((await refusal(to(bmc.base, { trust: { pin, accept: [sha256] } }).get(SYSTEM))).code).toBe(
      error.code,
    );
  });

  it('refuses another one than at an earlier contact, until the engineer accepts exactly the new one', async () => {
    const { sha256 } = await ownCertificate();
    const bmc = await start();
    const known = 'AB'.repeat(32);
    const error = await refusal(to(bmc.base, { trust: { known, accept: ['CD'.repeat(32)] } }).get(SYSTEM));
    expect(error.code).toBe('REDFISH_CERTIFICATE_CHANGED');
    expect(error.hint).toContain(`accept it: ${plain(sha256)}`);
    for (const trust of [{ known, accept: [sha256] }, { known: sha256 }]) {
      expect(await to(bmc.base, { trust }).get(SYSTEM)).toMatchObject({ Id: '1' });
    }
  });

  it('takes one that a given CA signed for that address', async () => {
    const signed = await makeCertificate(['-addext', 'subjectAltName=IP:127.0.0.1']);
    const bmc = await start({ tls: signed });
    expect(await to(bmc.base, { trust: { ca: signed.cert } }).get(SYSTEM)).toMatchObject({ Id: '1' });
    const other = await makeCertificate();
    const error = await refusal(to(bmc.base, { trust: { ca: other.cert } }).get(SYSTEM));
    expect(error.message).toContain('none of the given CA certificates');
  });

  it('names one for another address, and one out of date', async () => {
    const { cert } = await ownCertificate();
    const bmc = await start();
    const name = await refusal(to(bmc.base, { trust: { ca: cert } }).get(SYSTEM));
    expect(name.code).toBe('REDFISH_CERTIFICATE_NAME');
    const old = await makeCertificate(['-addext', 'subjectAltName=IP:127.0.0.1'], 'ec:P-256', 'expired');
    const expired = await start({ tls: old });
    const error = await refusal(to(expired.base, { trust: { ca: old.cert } }).get(SYSTEM));
    expect(error.code).toBe('REDFISH_CERTIFICATE_EXPIRED');
    // A pin says "this very certificate", whatever its dates: the snapshot's readiness tells of them.
    expect(await to(expired.base, { trust: { pin: old.sha256 } }).get(SYSTEM)).toMatchObject({ Id: '1' });
  });
});

describe('old and wrong TLS', () => {
  it('names TLS that is too old', async () => {
    const bmc = await start({
      tls: {
        ...(await ownCertificate()),
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'ALL:@SECLEVEL=0',
      },
    });
    const error = await refusal(to(bmc.base).get(SYSTEM));
    expect(error).toMatchObject({ code: 'REDFISH_TLS_OLD', exit: 3 });
    expect(error.message).toContain('TLS versions that are no longer safe');
    expect(error.hint).toContain('firmware');
  });

  it('names ciphers that are not shared', async () => {
    const rsa = await makeCertificate([], 'rsa:2048');
    const bmc = await start({ tls: { ...rsa, maxVersion: 'TLSv1.2', ciphers: 'NULL-SHA256:@SECLEVEL=0' } });
    const error = await refusal(to(bmc.base).get(SYSTEM));
    expect(error.code).toBe('REDFISH_TLS_OLD');
    expect(error.message).toContain('no safe cipher');
  });

  it('tells a port without TLS', async () => {
    const bmc = await start({ tls: false });
    const error = await refusal(to(`https://127.0.0.1:${bmc.port}`).get(SYSTEM));
    expect(error.code).toBe('REDFISH_NOT_REDFISH');
    expect(error.message).toContain('does not speak TLS');
  });
});

describe('no way there', () => {
  it('tells a refused connection, a name that is none, and an address nothing leads to', async () => {
    expect((await refusal(to(`https://127.0.0.1:${await freePort()}`).get(SYSTEM))).code).toBe(
      'REDFISH_REFUSED',
    );
    expect((await refusal(to('https://no-such-bmc.invalid').get(SYSTEM))).code).toBe('REDFISH_DNS');
    // A link-local address without its interface: the kernel refuses before a packet leaves.
    expect((await refusal(to('https://[fe80::1]').get(SYSTEM))).code).toBe('REDFISH_UNREACHABLE');
  });

  it('gives up on a port that never says a word, and tells one that hangs up', async () => {
    const silent = await listen(createServer(() => undefined));
    const error = await refusal(to(silent, { limits: { connectSeconds: 0.3 } }).get(SYSTEM));
    expect(error.code).toBe('REDFISH_TIMEOUT');
    const rude = await listen(createServer((socket) => void socket.on('error', () => undefined).destroy()));
    expect((await refusal(to(rude, { limits: { backoffSeconds: 0.01 } }).get(SYSTEM))).code).toBe(
      'REDFISH_CLOSED',
    );
  });
});

async function listen(server: Server): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened({
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  });
  return `https://127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe('through an SSH tunnel', () => {
  it('reads a BMC that only the other machine sees, and tells what that machine meets', async () => {
    const { sha256 } = await ownCertificate();
    const sshd = await startSshd();
    let via: RemoteConnection | undefined;
    try {
      via = await logIn(sshd);
      const bmc = await start();
      const dial = via.tunnel.bind(via);
      const client = to(bmc.base, { dial, trust: { pin: sha256 } });
      const [system] = await Promise.all([client.get(SYSTEM), client.get('/redfish/v1/Systems')]);
      expect(system).toMatchObject({ SerialNumber: 'TEST0001' });
      await client.close();
      expect(bmc.sessions.size).toBe(0);
      const refused = await refusal(to(`https://127.0.0.1:${await freePort()}`, { dial }).get(SYSTEM));
      expect(refused.code).toBe('REDFISH_REFUSED');
      expect(refused.message).toContain('through the SSH tunnel');
      expect(() => to('http://127.0.0.1', { dial })).toThrow(/unencrypted/);
    } finally {
      via?.close();
      await sshd.stop();
    }
  });
});
