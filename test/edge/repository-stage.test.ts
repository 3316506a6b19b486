import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDRESS, createServiceSite, type ServiceSite } from './service-site.ts';
import { causeOf } from './service-cause.ts';

const BIOS = 'firmware/BIOS_X.EXE';
const PKI = '/etc/bringup/pki';
let site: ServiceSite;

function writeBundle(folder: string): void {
  const files = {
    [BIOS]: 'bios '.repeat(50_000),
    'Catalog.xml': '<Manifest/>',
    'rke2/sha256sum-amd64.txt': 'x',
  };
  const entries = Object.entries(files).map(([path, text]) => {
    mkdirSync(join(folder, 'bundle', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'bundle', path), text);
    return { path, size: text.length, sha256: createHash('sha256').update(text).digest('hex') };
  });
  writeFileSync(join(folder, 'bundle', 'contents.json'), JSON.stringify({ files: entries }));
}

const curl = (...words: string[]) => site.node.run('curl', '-sS', '--max-time', '20', ...words);
const smb = (login: string, command: string) =>
  site.node.run('smbclient', '-U', login, `//${ADDRESS.vm}/repository`, '-c', command);

beforeAll(async () => {
  site = await createServiceSite();
  writeBundle(site.folder);
  const checked = await site.play('repository.yml', {}, '--check', '--skip-tags=acceptance');
  expect(checked, checked.output).toMatchObject({ code: 0, failed: [] });
  expect(await site.vm.run('ls', '/srv/repository', PKI), 'after a check').not.toMatchObject({ code: 0 });
  const first = await site.play('repository.yml');
  expect(first, first.output).toMatchObject({ code: 0, failed: [] });
  expect(first.changed).toEqual(expect.arrayContaining([...checked.changed]));
});

afterAll(() => site.remove());

describe('the repository, from a target server', () => {
  it('gives its files over HTTPS to whom trusts the CA, which is there over HTTP', async () => {
    const ca = join(site.folder, 'ca.crt');
    expect(await curl('-o', ca, `http://${ADDRESS.vm}/site-ca.crt`)).toMatchObject({ code: 0 });
    const named = `repository.services.example:443:${ADDRESS.vm}`;
    const bios = await curl(
      '--cacert',
      ca,
      '--resolve',
      named,
      `https://repository.services.example/${BIOS}`,
    );
    expect(bios.stdout).toBe(readFileSync(join(site.folder, 'bundle', BIOS), 'utf8'));
    const stranger = await curl(`https://${ADDRESS.vm}/Catalog.xml`);
    expect(stranger.code, 'without the CA').toBe(60);
    const strict = await site.vm.run(
      'openssl',
      'verify',
      '-x509_strict',
      '-CAfile',
      ca,
      `${PKI}/repository.crt`,
    );
    expect(strict).toMatchObject({ code: 0 });
  });

  it('gives its files over SMB to the user of its credential alone, for reading', async () => {
    const copy = join(site.folder, 'copy.exe');
    expect(await smb('idrac%share-password-long', `get firmware\\BIOS_X.EXE ${copy}`)).toMatchObject({
      code: 0,
    });
    expect(readFileSync(copy, 'utf8')).toBe(readFileSync(join(site.folder, 'bundle', BIOS), 'utf8'));
    for (const login of ['idrac%another-password', 'root%share-password-long', '%']) {
      expect((await smb(login, 'ls')).code, login).not.toBe(0);
    }
    const written = await smb('idrac%share-password-long', `put ${copy} mine.exe`);
    expect(written.stdout + written.stderr).toContain('NT_STATUS_ACCESS_DENIED');
    const old = await site.node.run(
      ...['smbclient', '-U', 'idrac%share-password-long', '--option=client min protocol=NT1', '-m', 'NT1'],
      ...[`//${ADDRESS.vm}/repository`, '-c', 'ls'],
    );
    expect(old.code, 'SMB 1').not.toBe(0);
  });

  it('shows no folders and no version, and takes nothing', async () => {
    const status = async (...words: string[]) =>
      (await curl('-o', '/dev/null', '-w', '%{http_code}', ...words)).stdout;
    const base = `http://${ADDRESS.vm}`;
    expect(await status(`${base}/firmware/`)).toBe('404');
    expect(await status('--path-as-is', `${base}/../../etc/bringup/pki/ca.key`)).toMatch(/^40[034]$/);
    expect(await status('-X', 'PUT', '-d', 'x', `${base}/Catalog.xml`)).toBe('403');
    expect((await curl('-i', `${base}/nothing`)).stdout).toMatch(/^Server: Apache\r$/m);
    expect(await site.vm.must('stat', '-c', '%a', `${PKI}/ca.key`, `${PKI}/repository.key`)).toBe(
      '600\n600\n',
    );
  });
});

describe('the stage', () => {
  const names = ['repository.services.example', 'deploy.services.example', 'deploy'];
  const certificates = [{ name: 'repository', names, addresses: [ADDRESS.vm] }];

  it('changes nothing the second time', async () => {
    const again = await site.play('repository.yml');
    expect(again, again.output).toMatchObject({ code: 0, changed: [] });
  });

  it('finds a file that went bad without a trace', async () => {
    const file = `/srv/repository/${BIOS}`;
    await site.vm.must('touch', '-r', file, '/run/time');
    await site.vm.must('sh', '-c', `printf X | dd of=${file} conv=notrunc; touch -r /run/time ${file}`);
    const [found = {}] = (await site.play('repository.yml', {}, '--tags=acceptance')).failed;
    expect(found).toMatchObject({ code: 'REPOSITORY_CORRUPT', bad: [{ path: BIOS }] });
    expect(causeOf(found)).toBe('repository.corrupted');
  });

  it('names an expired certificate', async () => {
    await site.vm.must('rm', `${PKI}/repository.crt`);
    await site.vm.module('bringup_repository_ca', { folder: PKI, common_name: 'x', certificates, days: 0 });
    await site.vm.must('systemctl', 'restart', 'apache2.service');
    const ca = await site.vm.must('cat', `${PKI}/ca.crt`);
    const seen = await site.node.module('bringup_repository_probe', { url: `https://${ADDRESS.vm}/`, ca });
    expect(seen).toMatchObject({ failed: true, code: 'REPOSITORY_CERTIFICATE_EXPIRED' });
    expect(causeOf(seen)).toBe('repository.certificate_expired');
  });

  it('mends both, and says so when port 443 is taken', async () => {
    await site.vm.must('systemctl', 'stop', 'apache2.service');
    const program =
      'import socket, time; s = socket.create_server(("", 443)); print("held", flush=True); time.sleep(99)';
    await site.vm.must(
      ...['sh', '-c'],
      `python3 -c '${program}' >/run/held 2>&1 & echo $! >/run/holder
       until grep -q held /run/held; do sleep 0.1; done`,
    );
    const refused = await site.play('repository.yml');
    expect(refused.changed).toEqual([
      "repository : Keep the site's CA and the repository's certificate",
      'repository : Lay the files of the bundle in',
    ]);
    expect(refused.failed).toMatchObject([{ code: 'SERVICE_START' }]);
    expect(refused.failed.map((one) => causeOf(one))).toEqual(['port.in_use']);
    await site.vm.must('sh', '-c', 'kill $(cat /run/holder)');
  });

  it('goes on then, and lets every guest read where no credential is named', async () => {
    const ca = await site.vm.must('cat', `${PKI}/ca.crt`);
    const vars = { repository_credential: {}, repository_protocols: ['smb'] };
    const mended = await site.play('repository.yml', vars, '--skip-tags=acceptance');
    expect(mended, mended.output).toMatchObject({ code: 0, failed: [] });
    expect(await site.vm.must('cat', `${PKI}/ca.crt`), 'the CA stays').toBe(ca);
    expect(await smb('whoever%whatever', 'get Catalog.xml -')).toMatchObject({ stdout: '<Manifest/>' });
    const status = (path: string) =>
      curl('-o', '/dev/null', '-w', '%{http_code}', `http://${ADDRESS.vm}/${path}`);
    expect((await status('Catalog.xml')).stdout, 'over HTTP, which is not wanted').toBe('301');
    expect((await status('site-ca.crt')).stdout).toBe('200');
  });

  it('refuses a protocol that is not served before it changes anything', async () => {
    const refused = await site.play('repository.yml', { repository_protocols: ['nfs'] });
    expect(refused.changed).toEqual([]);
    expect(refused.failed.map((one) => causeOf(one))).toEqual(['repository.protocol']);
  });
});
