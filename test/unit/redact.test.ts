import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFinder } from '../../src/app/find-secrets.ts';
import { createRedactor } from '../../src/app/redactor.ts';
import { allFormsOf, secretsOf } from '../../src/app/secret-forms.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { EventBody } from '../../src/contract/events.ts';

const SECRET = `p'ß "x$y&/\\z 7!`;

function redactorOf(...passwords: string[]): ReturnType<typeof createRedactor> {
  const redactor = createRedactor();
  for (const [index, password] of passwords.entries()) redactor.add(`c${index}`, { password });
  return redactor;
}

/** How real tools write a secret down. */
const python = (code: string): string =>
  execFileSync(
    'python3',
    ['-c', `import sys,json,shlex,base64,urllib.parse,html\ns=sys.stdin.read()\nprint(${code},end='')`],
    {
      input: SECRET,
      encoding: 'utf8',
    },
  );

describe('a secret is hidden', () => {
  it.each([
    ['plain', SECRET],
    ['as JSON', JSON.stringify({ password: SECRET })],
    ['as JSON in JSON', JSON.stringify(JSON.stringify({ password: SECRET }))],
    ["as Python's JSON", python('json.dumps({"p": s})')],
    ["as Python's JSON in JSON", python('json.dumps(json.dumps({"p": s}))')],
    ["as Python's repr", python('repr(s)')],
    ['as a shell word', python('shlex.quote(s)')],
    ['as a shell word in JSON', python('json.dumps(["sshpass", shlex.quote(s)])')],
    [
      'as bash escapes it',
      execFileSync('bash', ['-c', 'read -r s; printf %q "$s"'], {
        input: SECRET,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      }),
    ],
    ['in a URL', `https://admin:${encodeURIComponent(SECRET)}@10.0.0.1/redfish`],
    ['in a form', python('urllib.parse.urlencode({"p": s})')],
    ['in a URL of lower-case codes', encodeURIComponent(SECRET).toLowerCase().replaceAll('%C3%9F', '%c3%9f')],
    ['in HTML', python('html.escape(s)')],
    ['in YAML', `password: '${SECRET.replaceAll("'", "''")}'`],
    ['in hexadecimal', python('s.encode().hex()')],
    ['in base64', python('base64.b64encode(s.encode()).decode()')],
    ['in a basic login', python('base64.b64encode(("admin:" + s).encode()).decode()')],
    ['in a basic login of a longer name', python('base64.b64encode(("admins:" + s).encode()).decode()')],
    ['in base64 for URLs', python('base64.urlsafe_b64encode(("a:" + s + "~~~").encode()).decode()')],
  ])('%s', (_name, text) => {
    const shown = redactorOf(SECRET).text(`before ${text} after`);
    expect(shown).toMatch(/^before .*\*\*\*.* after$/s);
    expect(createFinder(allFormsOf(SECRET).map((form) => ({ ...form, name: 's' }))).find(shown)).toEqual([]);
  });

  it('wherever it stands, and the rest of the text stays as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), fc.string(), fc.string(), (secret, before, after) => {
        const shown = redactorOf(secret).text(before + secret + after);
        expect(shown.includes(secret) && !'***'.includes(secret)).toBe(false);
      }),
    );
    expect(redactorOf('correct-horse').text('a correct horse, correct-horse!')).toBe('a correct horse, ***!');
  });

  it('where two overlap, and where they stand side by side', () => {
    const redactor = redactorOf('abcdefgh', 'efghijkl');
    expect(redactor.text('<abcdefghijkl> <abcdefghefghijkl>')).toBe('<***> <***>');
  });

  it('line by line, where it is a private key', () => {
    const body = Array.from(
      { length: 5 },
      (_, index) => `${index}AAAAB3NzaC1yc2EAAAADAQABAAABgQC7xyz${index}`,
    );
    const privateKey = [
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      ...body,
      '-----END OPENSSH PRIVATE KEY-----',
    ].join('\n');
    const redactor = createRedactor();
    redactor.add('key', { privateKey });
    const shown = redactor.text(`line 3: ${body[2]} ${JSON.stringify(privateKey)}`);
    for (const line of body) expect(shown).not.toContain(line);
    expect(secretsOf({ privateKey })).toEqual(body);
  });

  it('of which a cut left one end beside the mark', () => {
    const redactor = redactorOf('hunter2-hunter2-long');
    const text = 'login hunter2-hunte\n[312 characters left out]\nter2-long was refused';
    expect(redactor.text(text)).toBe('login ***\n[312 characters left out]\n*** was refused');
  });

  it('only as a whole word where it is as short as words are', () => {
    const redactor = redactorOf('root', 'on');
    expect(redactor.text('root in /root/chroot, password: root, rooted on')).toBe(
      '*** in /***/chroot, password: ***, rooted on',
    );
  });
});

describe('an event', () => {
  it('keeps what names other parts of it, whatever a password is called', () => {
    const redactor = redactorOf('failed-node-1', 'changed', 'hunter2-hunter2-long');
    const event: EventBody = {
      kind: 'host.result',
      ...{ stage: 'changed', task: 't1', host: 'failed-node-1', status: 'changed' },
      text: 'hunter2-hunter2-long was changed',
      check: { id: 'a', title: 'Login', status: 'ok', seen: 'hunter2-hunter2-long', wanted: 'x' },
    };
    expect(redactor.event(event)).toEqual({
      ...event,
      text: '*** was ***',
      check: { id: 'a', title: 'Login', status: 'ok', seen: '***', wanted: 'x' },
    });
  });
});

describe('an error', () => {
  it('of Bringup keeps its code and loses the secret in all of its sentences', () => {
    const redactor = redactorOf('hunter2-hunter2-long');
    const shown = redactor.error(
      new BringupError({
        code: 'SSH_AUTH_FAILED',
        exit: 3,
        message: 'hunter2-hunter2-long was refused',
        hint: 'Not hunter2-hunter2-long.',
        evidence: [{ source: 'ssh', text: 'password=hunter2-hunter2-long' }],
      }),
    );
    expect(shown).toMatchObject({
      code: 'SSH_AUTH_FAILED',
      exit: 3,
      message: '*** was refused',
      hint: 'Not ***.',
    });
    expect(JSON.stringify(shown)).not.toContain('hunter2');
  });

  it('that is a bug loses it in its stack too', () => {
    const shown = redactorOf('hunter2-hunter2-long').error(new TypeError('no hunter2-hunter2-long')) as Error;
    expect(shown.message).toBe('no ***');
    expect(shown.stack).not.toContain('hunter2');
  });
});
