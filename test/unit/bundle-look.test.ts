import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAtBundle } from '../../src/app/bundle-look.ts';
import { makeSigningKey, publicHalf, writeBundle } from '../../src/bundle/index.ts';
import type { BundleKind, BundleLook } from '../../src/contract/bundle.ts';
import { changed } from './site-example.ts';

const PLAYBOOKS = new URL('../../playbooks', import.meta.url).pathname;
const OWN = 'ef'.repeat(32);
const privateKey = makeSigningKey();
const { fingerprint } = publicHalf(privateKey);

let folder: string;
const at = (...names: string[]): string => path.join(folder, ...names);
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-look-'));
  mkdirSync(at('images'));
  writeFileSync(at('content'), 'content');
  const files: [BundleKind, string][] = [
    ['firmware', 'firmware/Catalog.xml.gz'],
    ...Array.from({ length: 8 }, (_, n): [BundleKind, string] => ['firmware', `firmware/FOLDER${n}/a.EXE`]),
    ['rke2', 'rke2/v1/install.sh'],
    ['rke2', 'rke2/v1/rke2.linux-amd64.tar.gz'],
    ['rke2', 'rke2/v1/rke2-images-core.linux-amd64.tar.zst'],
    ['image', 'images/node-1.iso'],
  ];
  const sources = files.map(([kind, name]) => ({ kind, path: name, from: at('content') }));
  await writeBundle(at('b.bundle'), sources, { privateKey });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Looks at the bundle of the example with a managed repository, these parameters and this line for the bundle. */
function look(
  parameters: string,
  bundle = `bundle: {path: b.bundle, key: "${fingerprint}"}`,
): Promise<BundleLook> {
  const text = changed('  dhcp: {mode', '  repository: {mode: managed}\n  dhcp: {mode');
  const file = at('site.yaml');
  writeFileSync(file, `${text}${bundle}\nparameters: {${parameters}}\n`);
  return lookAtBundle(file, { playbooks: PLAYBOOKS, ownPlaybooks: async () => OWN });
}
const told = ({ needs }: BundleLook): string[] =>
  needs.map(({ name, stage, state, lacking = [] }) => [name, stage, state, ...lacking].join(' '));

const IMAGE = 'images/debian-12.qcow2 upload';
const OS = `os: {mode: install, hosts: [node-1], image: images/node-1.iso, answers: "images/{host}.iso", sha256: ${'ab'.repeat(32)}}`;

describe('a look at the bundle of a site', () => {
  it('says whose it is and what it holds, files before folders and the rest counted', async () => {
    const { bundle } = await look('');
    expect(bundle).toMatchObject({
      ...{ file: at('b.bundle'), signature: { status: 'good', fingerprint }, made: 'unknown', problems: [] },
    });
    expect(bundle?.holds).toEqual([
      {
        ...{ kind: 'firmware', files: 9, bytes: 63, left_out: 3 },
        names: ['firmware/Catalog.xml.gz', ...[0, 1, 2, 3, 4].map((n) => `firmware/FOLDER${n}/`)],
      },
      { kind: 'image', files: 1, bytes: 7, left_out: 0, names: ['images/node-1.iso'] },
      { kind: 'rke2', files: 3, bytes: 21, left_out: 0, names: ['rke2/v1/'] },
    ]);
  });

  it('says what its stages want, and what nobody brings', async () => {
    expect(told(await look(''))).toEqual([`${IMAGE} missing`]);
    writeFileSync(at('images/debian-12.qcow2'), '');
    expect(told(await look(OS))).toEqual([
      `${IMAGE} beside`,
      'images/node-1.iso os bundle',
      'images/{host}.iso os bundle',
    ]);
    const rke2 = 'rke2: {install: true, artifacts: rke2/v1}, workloads: {apply: true, path: apps}';
    expect(told(await look(rke2))).toEqual([
      `${IMAGE} beside`,
      'rke2/v1 rke2 missing sha256sum-amd64.txt',
      'apps workloads missing',
    ]);
    const catalog = (host: string): string =>
      `ome: {mode: existing, address: 10.20.1.40, credential: ome}, firmware: {reboot: now, catalog: {url: "http://${host}/firmware/Catalog.xml.gz"}}`;
    expect(told(await look(catalog('10.20.0.10'))).at(-1)).toBe('firmware/Catalog.xml.gz firmware bundle');
    expect(told(await look(catalog('10.20.0.99')))).toEqual([`${IMAGE} beside`]);
  });

  it('asks nothing for a stage that does not run, nor for a folder that lies on the deployment VM', async () => {
    expect(told(await look('rke2: {install: false, artifacts: rke2/v9}'))).toEqual([`${IMAGE} beside`]);
    expect(told(await look('rke2: {install: true, artifacts: /srv/rke2}'))).toEqual([`${IMAGE} beside`]);
  });

  it('goes on where the bundle is another one, none, or not there, and where the site file has errors', async () => {
    const other = `bundle: {path: b.bundle, key: "SHA256:${'A'.repeat(43)}"}`;
    expect((await look('', other)).bundle).toMatchObject({
      signature: { status: 'other', fingerprint },
      problems: [{ code: 'BUNDLE_KEY' }],
    });
    writeFileSync(at('none.bundle'), 'no bundle');
    expect((await look('', 'bundle: {path: none.bundle}')).bundle?.problems[0]?.code).toBe('BUNDLE_FORMAT');
    expect(await look('', 'bundle: {path: gone.bundle}')).toMatchObject({
      unreadable: { code: 'BUNDLE_UNREADABLE', place: at('gone.bundle') },
      needs: [{ state: 'beside' }],
    });
    expect(await look('', '')).toEqual({
      needs: [expect.objectContaining({ name: 'images/debian-12.qcow2' })],
    });
    writeFileSync(at('half.yaml'), 'apiVersion: bringup/v1\nbundle: {path: b.bundle}\n');
    const half = await lookAtBundle(at('half.yaml'), { playbooks: PLAYBOOKS, ownPlaybooks: async () => OWN });
    expect(half).toMatchObject({ bundle: { signature: { status: 'uncompared' } }, needs: [] });
  });
});
