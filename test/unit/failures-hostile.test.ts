import { describe, expect, it } from 'vitest';
import { redact } from '../../src/failures/redact.ts';
import { explainText, shippedCatalogue } from './failures-texts.ts';

const catalogue = shippedCatalogue();

describe('hostile output', () => {
  it.each([
    ['one line of megabytes', 'x'.repeat(3_000_000)],
    ['a million short lines', 'a\n'.repeat(1_000_000)],
    ['binary', Array.from({ length: 50_000 }, (_, at) => String.fromCharCode(at % 256)).join('')],
    ['deep JSON', `fatal: [a]: FAILED! => ${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['JSON that never ends', `fatal: [a]: FAILED! => ${'{"msg": "x", '.repeat(20_000)}`],
    ['beginnings of what is known', 'connect to host a port 22: dial tcp a:22: connect '.repeat(20_000)],
    ['nothing but brackets', '[{("'.repeat(200_000)],
    ['half a surrogate', '\ud800'.repeat(1000)],
  ])('of the kind "%s" is explained, in little', (_name, text) => {
    const { why, request } = explainText(text, catalogue);
    expect(JSON.stringify(why).length).toBeLessThan(10_000);
    expect(request.length).toBeLessThan(10_000);
  });

  it('of megabytes is known by its beginning and by its end', () => {
    const noise = 'Reading package lists...\n'.repeat(200_000);
    const error = 'ssh: connect to host 10.0.0.9 port 22: No route to host\n';
    expect(explainText(error + noise, catalogue).why.key).toBe('ssh.no_route');
    expect(explainText(noise + error, catalogue).why.key).toBe('ssh.no_route');
  });

  it('puts nothing a shell acts on into a command to paste', () => {
    const text = 'ssh: connect to host $(reboot);x port 22: No route to host';
    const { why, fixes } = explainText(text, catalogue);
    expect(why.key).toBe('ssh.no_route');
    const commands = fixes.map(({ command = '' }) => command).join('\n');
    expect(commands).toContain('ip route get ADDRESS');
    expect(commands).not.toContain('reboot');
  });
});

describe('evidence', () => {
  it.each([
    ['password=Hunter2!', 'Hunter2!'],
    ['"idrac_password": "Hunter2!"', 'Hunter2!'],
    ['curl -u root:Hunter2! failed: https://root:Hunter2!@10.0.0.1/', '@10.0.0.1'],
    ['token: K10aabbccddeeff00112233445566778899::server:Hunter2', 'Hunter2'],
    ['Authorization: Bearer abcdef123456.Hunter2', 'Hunter2'],
    ['X-Auth-Token: Hunter2Hunter2', 'Hunter2'],
    ['$6$salt$Hunter2Hunter2Hunter2', 'Hunter2'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nHunter2\n-----END OPENSSH PRIVATE KEY-----', 'Hunter2'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJIdW50ZXIyIn0.c2ln', 'eyJzdWIi'],
  ])('never shows the secret of: %s', (line, secret) => {
    const shown = redact(line);
    if (secret.startsWith('@')) expect(shown).not.toContain(':Hunter2!@');
    else expect(shown).not.toContain(secret);
  });

  it('shows what only speaks of a password', () => {
    const line = 'sudo: a password is required; Permission denied (publickey,password).';
    expect(redact(line)).toBe(line);
  });

  it('stands redacted in the record and in the request', () => {
    const { why, request } = explainText('error: login failed with password=Hunter2!', catalogue);
    expect(why.key).toBeNull();
    expect(JSON.stringify(why) + request).not.toContain('Hunter2');
    expect(JSON.stringify(why)).toContain('login failed');
  });

  it('of noise is at most eight lines in their order, what is repeated once with its count, and the last four', () => {
    const noise = Array.from({ length: 300 }, (_, at) => `step ${'abcdefghij'[at % 10] ?? ''} went on`).join(
      '\n',
    );
    const text = `${noise}\nerror: flux capacitor is missing\n${'retry: device not found\n'.repeat(9)}${noise}`;
    const lines = explainText(text, catalogue).why.evidence.flatMap((piece) => piece.text.split('\n'));
    expect(lines).toEqual([
      ...['error: flux capacitor is missing', 'retry: device not found (9 times)'],
      ...['step g went on', 'step h went on', 'step i went on', 'step j went on'],
    ]);
  });
});
