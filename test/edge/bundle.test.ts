import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bringup } from '../../src/bringup.ts';
import { sendBundle } from '../../src/app/bundle-send.ts';
import { bringBundle } from '../../src/app/bundle-stage.ts';
import { useBundle } from '../../src/app/bundle-use.ts';
import { checkFile } from '../../src/app/checked-file.ts';
import { createUploadExecutor } from '../../src/app/upload-stage.ts';
import type { StageEvent } from '../../src/contract/ports.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { siteOf, SITE } from '../unit/site-example.ts';
import {
  CATALOG,
  codeOf,
  DUP,
  hashOf,
  IMAGE,
  openBackOffice,
  recordingHost,
  siteText,
  type BackOffice,
} from './bundle-office.ts';
import { callModule, runCommand } from './playbooks-ansible.ts';
import { logIn, startSshd, type TestSshd } from './remote-sshd.ts';

let office: BackOffice;
let service: Bringup;
const at = (...names: string[]) => office.at(...names);
const write = (name: string, text: string) => office.write(name, text);
const image = () => ({
  ...{ path: at('images/debian-12.qcow2'), sha256: hashOf(IMAGE) },
  field: 'deployment_vm.base_image',
});
const create = (output: string, sources: string[], more: { key?: string; unsigned?: boolean } = {}) =>
  service.call('bundle.create', { sources, file: at(output), ...more });

beforeAll(() => {
  office = openBackOffice();
  service = office.service;
});

afterAll(() => office.close());

describe('a bundle', () => {
  it('is made of a site file, a folder and a list, and signed with the key that the back office made', async () => {
    const key = await service.call('bundle.key', { name: 'back-office/bundle' });
    expect(key).toMatchObject({ made: true, fingerprint: expect.stringMatching(/^SHA256:/) });
    expect(await service.call('bundle.key', { name: 'back-office/bundle' })).toEqual({ ...key, made: false });
    const sources = [at('site/site.yaml'), at('files'), at('list.yaml')];
    const made = await create('plant.bundle', sources, { key: 'back-office/bundle' });
    expect(made.files.map(({ path: name, kind }) => `${kind} ${name}`)).toEqual([
      'base-image base-image/debian-12.qcow2',
      'firmware firmware/BIOS_X.EXE',
      'firmware firmware/Catalog.xml',
      'playbooks playbooks/project.tar.gz',
      'file readme.txt',
      'rke2 rke2/more/images.tar.zst',
      'rke2 rke2/rke2.tar.gz',
    ]);
    expect(made).toMatchObject({ signed: true, fingerprint: key.fingerprint });
    expect(made.sha256).toBe(hashOf(readFileSync(at('plant.bundle'))));

    const file = at('plant.bundle');
    const pem = write('back-office.pem', key.public_key);
    for (const wanted of [key.fingerprint, pem]) {
      const proved = await service.call('bundle.verify', { file, key: wanted });
      expect(proved).toMatchObject({ ok: true, problems: [], signature: { status: 'good' } });
    }
    expect(await service.call('bundle.progress', {})).toMatchObject({ running: false, what: 'verifying' });
    expect(await codeOf(service.call('bundle.verify', { file, key: at('list.yaml') }))).toBe(
      'BUNDLE_KEY_UNREADABLE',
    );
  });

  it('is unpacked by any tar, file by file as its list says', async () => {
    mkdirSync(at('unpacked'));
    expect(await runCommand('tar', ['-xf', at('plant.bundle'), '-C', at('unpacked')])).toMatchObject({
      code: 0,
    });
    const { files } = JSON.parse(readFileSync(at('unpacked/contents.json'), 'utf8')) as {
      files: { path: string; sha256: string }[];
    };
    for (const { path: name, sha256 } of files)
      expect(hashOf(readFileSync(at('unpacked', name)))).toBe(sha256);
    expect(readFileSync(at('unpacked/base-image/debian-12.qcow2'), 'utf8')).toBe(IMAGE);
  });

  it('has nobody to vouch for it without a key, which is said before and after', async () => {
    expect(await codeOf(create('bare.bundle', [at('files')]))).toBe('BUNDLE_KEY_NEEDED');
    expect(await codeOf(create('bare.bundle', [at('files')], { key: 'nobody' }))).toBe('CREDENTIAL_MISSING');
    expect(await create('bare.bundle', [at('files')], { unsigned: true })).toMatchObject({ signed: false });
    const file = at('bare.bundle');
    const problems = [{ code: 'BUNDLE_UNSIGNED', place: 'signature.json' }];
    expect(await service.call('bundle.verify', { file })).toMatchObject({ ok: false, problems });
    expect(await service.call('bundle.verify', { file, unsigned: true })).toMatchObject({
      ok: true,
      signature: { status: 'none' },
    });
  });

  it.each([
    ['a file that is not there', () => at('nothing'), 'BUNDLE_SOURCE_UNREADABLE'],
    ['a file that is neither', () => at('back-office.pem'), 'BUNDLE_SOURCE_KIND'],
    ['a list without files', () => write('none.yaml', 'files: 7\n'), 'BUNDLE_LIST'],
    ['a list of nonsense', () => write('bad.yaml', 'files: [{path: [}]\n'), 'BUNDLE_LIST'],
    [
      'a list with a kind of its own',
      () => write('kind.yaml', 'files: [{path: x, from: list.yaml, kind: base-image}]'),
      'BUNDLE_LIST',
    ],
    [
      'a list whose file is gone',
      () => write('gone.yaml', 'files: [{path: x, from: gone}]\n'),
      'BUNDLE_SOURCE_UNREADABLE',
    ],
    [
      'a list that leads elsewhere',
      () => write('out.yaml', 'files: [{path: ../x, from: list.yaml}]\n'),
      'BUNDLE_PATH',
    ],
    [
      'a folder that takes a name of the bundle',
      () => path.dirname(path.dirname(write('own/packages/x', 'x'))),
      'BUNDLE_PATH',
    ],
    ['a site file with errors', () => write('site/bad.yaml', 'apiVersion: bringup/v1\n'), 'SITE_INVALID'],
    [
      'a site file whose image is another one',
      () => write('site/other.yaml', siteText('ef'.repeat(32))),
      'BUNDLE_SOURCE_CHECKSUM',
    ],
  ])('is not made of %s', async (_what, source, code) => {
    expect(await codeOf(create('never.bundle', [source()], { unsigned: true }))).toBe(code);
    expect(readdirSync(at()).filter((name) => name.includes('never'))).toEqual([]);
  });
});

describe('the bundle of a site file', () => {
  const used = (proof: string, name = 'plant.bundle') => {
    const site = siteOf(`${SITE}bundle: {path: ${name}, ${proof}}\n`);
    return useBundle({ site, file: at('site.yaml') })!;
  };
  const fingerprint = async () =>
    (await service.call('bundle.key', { name: 'back-office/bundle' })).fingerprint;

  it('is taken when it is signed with the key, or has the checksum, that the file names', async () => {
    const sha256 = hashOf(readFileSync(at('bare.bundle')));
    expect((await used(`key: "${await fingerprint()}"`).check()).files).toHaveLength(7);
    expect((await used(`sha256: "${sha256}"`, 'bare.bundle').list()).files).toHaveLength(3);
    expect(await codeOf(used(`sha256: "${sha256}"`).list())).toBe('BUNDLE_CHECKSUM');
    expect(await codeOf(used(`key: "SHA256:${'A'.repeat(43)}"`).list())).toBe('BUNDLE_KEY');
    expect(await codeOf(used(`key: "${await fingerprint()}"`, 'bare.bundle').check())).toBe(
      'BUNDLE_UNSIGNED',
    );
    expect(await codeOf(used(`key: "${await fingerprint()}"`, 'gone.bundle').check())).toBe(
      'BUNDLE_UNREADABLE',
    );
  });

  it('gives the base image that is not beside the site file', async () => {
    const wanted = image();
    const bundle = used(`key: "${await fingerprint()}"`);
    const { within, size } = await checkFile('base image', wanted, bundle);
    const bytes = readFileSync(at('plant.bundle'));
    expect(within?.file).toBe(at('plant.bundle'));
    expect(bytes.toString('utf8', within?.offset, (within?.offset ?? 0) + size)).toBe(IMAGE);
    const other = { ...wanted, sha256: 'ab'.repeat(32) };
    expect(await codeOf(checkFile('base image', other, bundle))).toBe('BASE_IMAGE_MISSING');
  });

  it('is proved before anything is sent, and the image in it goes to the KVM host', async () => {
    const sent: string[] = [];
    const kvmHost = async () => recordingHost(sent);
    const baseImage = image();
    const upload = async (bundle: ReturnType<typeof used>) => {
      const told: StageEvent[] = [];
      const project = async () => ({ path: 'project.tar.gz', sha256: 'ab', size: 1 });
      const signal = new AbortController().signal;
      const stage = { id: 'upload', title: 'Upload', runs_on: 'laptop' as const, after: [], hosts: [] };
      const executor = createUploadExecutor({ kvmHost, project, baseImage, bundle, signal });
      const code = await codeOf(executor.execute(stage, (event) => told.push(event), signal));
      const texts = told.flatMap((event) =>
        event.kind === 'host.result' ? [`${event.task} ${event.text}`] : [],
      );
      return { code, texts };
    };
    const good = await upload(used(`key: "${await fingerprint()}"`));
    expect(good.code).toBe('done');
    expect(sent).toEqual([`plant.bundle debian-12.qcow2 ${IMAGE.length}`]);
    expect(good.texts.slice(0, 2)).toEqual([
      'bundle-hash 5 files for the repository; signed with the key of the site file; made by another version of Bringup, whose playbooks are not used',
      'base-image-hash debian-12.qcow2 (from the bundle), SHA-256 as the site file says',
    ]);
    const bad = await upload(used(`key: "SHA256:${'A'.repeat(43)}"`));
    expect(bad).toMatchObject({ code: 'BUNDLE_KEY', texts: [expect.stringMatching(/^bundle-hash /)] });
    expect(sent).toHaveLength(1);
  });

  describe('on its way to the deployment VM', () => {
    let sshd: TestSshd | undefined;
    let connection: RemoteConnection | undefined;
    const root = () => path.join(sshd!.home, 'bundle');
    const send = async (bundle = 'plant.bundle', sha256 = hashOf(readFileSync(at(bundle)))) => {
      const told: string[] = [];
      const marks: number[] = [];
      const never = new AbortController().signal;
      const use = used(`sha256: "${sha256}"`, bundle);
      const tell = (name: string, { done }: { done: number }) => told.push(name) && marks.push(done);
      const sent = await sendBundle(connection!, use, never, tell, root());
      return { ...sent, told, least: Math.min(...marks) };
    };
    const there = (name: string) => readFileSync(path.join(root(), 'files', name), 'utf8');

    beforeAll(async () => {
      sshd = await startSshd();
      connection = await logIn(sshd);
    });
    afterAll(async () => {
      connection?.close();
      await sshd?.stop();
    });

    it('sends what is for the repository, once, and goes on where it broke off', async () => {
      // A first try got half of a file across.
      mkdirSync(path.join(root(), 'store'), { recursive: true });
      const part = path.join(root(), 'store', `${hashOf(DUP)}.part`);
      writeFileSync(part, DUP.slice(0, DUP.length / 2));
      await runCommand('chown', ['-R', sshd!.user, root()]);
      const first = await send();
      expect(first).toMatchObject({ files: 5, sent: 5 });
      expect(first.least, 'it goes on behind the half').toBeGreaterThanOrEqual(DUP.length / 2);
      expect(first.told).toEqual(expect.arrayContaining(['firmware/BIOS_X.EXE', 'rke2/rke2.tar.gz']));
      expect([there('firmware/BIOS_X.EXE'), there('rke2/more/images.tar.zst')]).toEqual([DUP, 'images']);
      const again = await send();
      expect(again).toMatchObject({ files: 5, sent: 0, told: [] });
    });

    it('is laid out as the repository takes it', async () => {
      const record = at('record.json');
      const given = {
        root: at('served'),
        source: path.join(root(), 'files'),
        record,
        quota_gib: 1,
        reserve_gib: 0,
      };
      expect(await callModule('bringup_repository_contents', given)).toMatchObject({
        changed: true,
        copied: expect.arrayContaining(['firmware/BIOS_X.EXE', 'readme.txt']),
      });
    });

    it('sends of the next bundle only what is new, and takes away what is gone', async () => {
      write('files/firmware/new.EXE', 'new');
      write('files/firmware/new.EXE.sha256', hashOf('new'));
      await create('next.bundle', [at('files')], { unsigned: true });
      expect(await send('next.bundle')).toMatchObject({ files: 4, sent: 2 });
      expect(there('firmware/new.EXE.sha256'), 'a file named as an upload names its stamps').toBe(
        hashOf('new'),
      );
      expect(readdirSync(path.join(root(), 'files'))).toEqual(['contents.json', 'firmware']);
      expect(
        readdirSync(path.join(root(), 'store')).filter((name) => name.startsWith(hashOf('images'))),
      ).toEqual([]);
    });

    it('is told as a task of the stage, and left alone once its playbook runs', async () => {
      const told: StageEvent[] = [];
      const bundle = used(`sha256: "${hashOf(readFileSync(at('next.bundle')))}"`, 'next.bundle');
      const connect = async () => connection!;
      const bring = (seen?: { counter: number; count: number }, file = bundle) => {
        const attempt = { ...(seen === undefined ? {} : { seen }), knows: () => false };
        const ports = { bundle: file, connect, cancel: new AbortController().signal, root: root() };
        return bringBundle(ports, { hosts: ['deploy', 'node-1'] }, attempt, (event) => told.push(event));
      };
      await bring();
      expect(told).toMatchObject([
        { kind: 'task.started', task: 'bundle' },
        { kind: 'host.result', host: 'deploy', status: 'ok', text: 'all 4 files are there' },
      ]);
      told.length = 0;
      const gone = used(`key: "${await fingerprint()}"`, 'gone.bundle');
      await bring({ counter: 7, count: 9 }, gone);
      expect(told).toEqual([]);
      expect(await codeOf(bring({ counter: 0, count: 0 }, gone))).toBe('BUNDLE_UNREADABLE');
      expect(told.at(-1)).toMatchObject({ kind: 'host.result', host: 'deploy', status: 'failed' });
    });

    it('sends a file again that went bad there', async () => {
      const stored = path.join(root(), 'store', hashOf(CATALOG));
      writeFileSync(stored, CATALOG.replace('M', 'X'));
      expect(await send('next.bundle')).toMatchObject({ sent: 1 });
      expect(there('firmware/Catalog.xml')).toBe(CATALOG);
      expect(statSync(stored).size).toBe(CATALOG.length);
    });
  });
});
