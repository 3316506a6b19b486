import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addProfileCommands } from '../../main/cli/commands/profiles.ts';
import { createBmcSimulator, type BmcSimulator } from '../../main/lab/bmc/index.ts';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { ProfileDocument, ProfilesChecked } from '../../src/contract/profile-check.ts';
import { catalogXml, packageOf } from '../unit/profiles-catalog-example.ts';
import { benchSite } from './bench-site.ts';
import { laptopPorts } from './laptop-ports.ts';

let folder: string;
let bmcs: BmcSimulator;
let service: Bringup;
let model: string;
const at = (name: string): string => path.join(folder, name);

/** A site of two machines of one kind, discovered, with two profiles of its own: one that both have, one for other machines. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-profiles-'));
  const machines = ['SER0001', 'SER0002'].map((serial) => ({
    identity: { name: serial, serial },
    tls: 'own' as const,
  }));
  bmcs = await createBmcSimulator({ machines });
  service = createBringup(laptopPorts(at('home'), { idrac: bmcs.machines[0]!.login }));
  writeFileSync(at('image.qcow2'), '');
  writeSite();
  mkdirSync(at('profiles'));
  writeFileSync(at('profiles/ours.yaml'), OURS);
  writeFileSync(at('profiles/huge.yaml'), HUGE);
  const { machines: found } = await service.call('hardware.discover', {
    file: at('site.yaml'),
    acceptNewCertificates: true,
  });
  expect(found.map(({ ok, snapshot }) => [ok, snapshot?.bios.registry !== undefined]).sort()).toEqual([
    [true, false],
    [true, true],
  ]);
  model = found[0]?.snapshot?.model ?? '';
});

afterAll(async () => {
  await service.close();
  await bmcs.close();
  rmSync(folder, { recursive: true, force: true });
});

const OURS = `name: ours
version: 3
title: Our servers
match: [{field: manufacturer, like: 'Dell*'}]
bios:
  - attributes: {BootMode: Uefi, SysProfil: Custom, AcPwrRcvry: Never}
firmware:
  - {item: bios, at_least: '99.1.0'}
network:
  - {name: bond0, ports: {link: up}, mode: lacp}
`;
const HUGE = `name: huge
version: 1
title: A server that nobody has
match:
  - {field: manufacturer, like: 'Dell*'}
  - {field: memory.total_gib, at_least: 99999}
`;

function writeSite(more = ''): void {
  const host = (number: number): string => {
    const port = new URL(bmcs.machines[number - 1]?.url ?? '').port;
    return `  - {name: node-${number}, serial: SER000${number}, roles: [rke2-${number === 1 ? 'server' : 'agent'}], bmc: {address: 127.0.0.1, port: ${port}, credential: idrac}}\n`;
  };
  writeFileSync(at('site.yaml'), benchSite(`${host(1)}${host(2)}`, more));
}

/** A catalogue with a BIOS for the model of the machines, in UTF-16 as Dell's own. */
function catalog(version: string): Buffer {
  const xml = catalogXml([
    packageOf({
      type: 'BIOS',
      name: 'BIOS',
      component: '159',
      version,
      models: [model.replace('PowerEdge ', '')],
    }),
  ]);
  return gzipSync(Buffer.from(`\uFEFF${xml}`, 'utf16le'));
}

/** What the command line prints and with which code it ends. */
async function bringup(...words: readonly string[]): Promise<{ text: string; code: number }> {
  const program = new Command().exitOverride();
  let code = -1;
  addProfileCommands(program, {
    json: () => words.includes('--json'),
    client: () => Promise.resolve(service),
    exit: (given) => {
      code = given;
    },
  });
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await program.parseAsync(['profiles', ...words.filter((word) => word !== '--json')], { from: 'user' });
    return { text: write.mock.calls.map(([piece]) => String(piece)).join(''), code };
  } finally {
    write.mockRestore();
  }
}

describe('bringup profiles check SITE', () => {
  it('holds the profiles of the site against what the BMCs told of their BIOS, and says where nothing was at hand', async () => {
    const { text, code } = await bringup('check', at('site.yaml'), '--json');
    const { ok, problems, registries, unchecked } = JSON.parse(text) as ProfilesChecked;
    expect([code, ok]).toEqual([2, false]);
    expect(
      problems.map(
        (one) => `${path.basename(one.file)}:${one.line}:${one.column} ${one.severity} ${one.code}`,
      ),
    ).toEqual([
      'huge.yaml:6:5 warning PROFILE_UNUSED',
      'ours.yaml:6:34 error PROFILE_BIOS_UNKNOWN',
      'ours.yaml:6:65 error PROFILE_BIOS_VALUE',
    ]);
    expect(problems[0]?.message).toMatch(
      /^No host has the profile huge\. The nearest is node-1, which lacks memory\.total_gib at least 99999 GiB \(/,
    );
    expect(problems[1]?.hint).toBe('Did you mean SysProfile?');
    expect(registries).toMatchObject([
      { from: expect.stringMatching(/^BMC of node-[12]$/), profiles: ['ours'] },
    ]);
    expect(unchecked).toEqual([expect.stringContaining('no catalogue was named')]);
  });

  it('holds firmware against a catalogue by its path, or the one in the bundle', async () => {
    writeFileSync(at('Catalog.xml.gz'), catalog('1.9.2'));
    const { text } = await bringup('check', at('site.yaml'), '--catalog', at('Catalog.xml.gz'));
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      `The newest bios of ${model} in the catalogue is 1.9.2, older than 99.1.0.`,
    );
    expect(text).toContain('3 errors, 1 warning');

    mkdirSync(at('source/firmware'), { recursive: true });
    writeFileSync(at('source/firmware/Catalog.xml.gz'), catalog('99.2.0'));
    const { sha256 } = await service.call('bundle.create', {
      sources: [at('source')],
      file: at('b.bundle'),
      unsigned: true,
    });
    writeSite(`bundle: {path: b.bundle, sha256: "${sha256}"}\n`);
    const checked = await service.call('profiles.check', { file: at('site.yaml') });
    writeSite();
    expect(checked.catalog).toEqual({
      file: `firmware/Catalog.xml.gz in ${at('b.bundle')}`,
      version: '26.11.01',
      packages: 1,
    });
    expect(checked.firmware).toMatchObject([
      { profile: 'ours', item: 'bios', found: '99.2.0', status: 'newer' },
    ]);
  });

  it('leaves a profile with a catalogue of its own out of another one, and says so', async () => {
    const own = `name: own\nversion: 1\ntitle: Own\nmatch: [{field: cpu.count, at_least: 1}]\nfirmware: [{item: bios, at_least: "1.0"}]\nfirmware_updates: {catalog: firmware/own/Catalog.xml.gz}\n`;
    writeFileSync(at('own.yaml'), own);
    const checked = await service.call('profiles.check', { file: at('own.yaml') });
    expect(checked.unchecked).toEqual([
      'Firmware of the profile own: it has a catalogue of its own, firmware/own/Catalog.xml.gz. Name that one with --catalog FILE.',
    ]);
    const named = { file: at('own.yaml'), catalog: at('Catalog.xml.gz') };
    expect((await service.call('profiles.check', named)).catalog).toMatchObject({ packages: 1 });
  });

  it('refuses a catalogue or a registry that is none, by name', async () => {
    writeFileSync(at('cut.gz'), catalog('1.0').subarray(0, 200));
    writeFileSync(at('other.json'), '{"Members": []}');
    const check = (more: object): Promise<unknown> =>
      service.call('profiles.check', { file: at('site.yaml'), ...more });
    await expect(check({ catalog: at('cut.gz') })).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: `The firmware catalogue ${at('cut.gz')} cannot be used. It is packed, and damaged.`,
    });
    await expect(check({ catalog: at('none.xml') })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(check({ registries: [at('other.json')] })).rejects.toMatchObject({
      code: 'REGISTRY_INVALID',
    });
  });
});

describe('bringup profiles check PROFILE.yaml', () => {
  it('needs no site: what bringup raw printed is a registry', async () => {
    const { result } = await service.call('hardware.last', { file: at('site.yaml') });
    const bmc = result?.machines.find(({ snapshot }) => snapshot?.bios.registry !== undefined)?.bmc ?? '';
    const { resources } = await service.call('hardware.raw', { file: at('site.yaml'), bmc });
    writeFileSync(at('raw.json'), JSON.stringify(resources));
    const { text, code } = await bringup('check', at('profiles/ours.yaml'), '--registry', at('raw.json'));
    expect(code).toBe(2);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'ours.yaml:6:34 PROFILE_BIOS_UNKNOWN BiosAttributeRegistry.v1_0_3 has no BIOS attribute "SysProfil".',
    );
    expect(await bringup('check', at('profiles/huge.yaml'))).toMatchObject({ code: 0 });
  });
});

describe('a profile of a site', () => {
  it('is listed with its hosts before those that come with Bringup lose them', async () => {
    const { profiles } = JSON.parse((await bringup('list', at('site.yaml'), '--json')).text) as {
      profiles: { name: string; origin: string; hosts: string[] }[];
    };
    expect(
      profiles.filter(({ origin }) => origin === 'site').map(({ name, hosts }) => [name, hosts]),
    ).toEqual([
      ['huge', []],
      ['ours', ['node-1', 'node-2']],
    ]);
  });

  it('has the hash in its template that the inventory gives to Ansible, and that Python makes of it', async () => {
    const shown = JSON.parse(
      (await bringup('show', 'ours', at('site.yaml'), '--json')).text,
    ) as ProfileDocument;
    const [kind] = shown.kinds;
    expect(kind?.hosts).toEqual(['node-1', 'node-2']);
    expect(kind?.template).toBe(`bringup bench ours ${kind?.hash.slice(0, 8)}`);
    const { yaml } = await service.call('site.inventory', { file: at('site.yaml') });
    writeFileSync(at('inventory.yml'), yaml);
    const list = execFileSync('ansible-inventory', ['-i', at('inventory.yml'), '--host', 'node-1'], {
      encoding: 'utf8',
    });
    const vars = JSON.parse(list) as {
      bringup_profile_hash: string;
      bringup_profile_settings: Record<string, unknown>;
    };
    expect(vars.bringup_profile_hash).toBe(kind?.hash);
    const { bios_attributes, network, storage } = vars.bringup_profile_settings;
    const script =
      'import json,sys;sys.stdout.write(json.dumps(json.load(sys.stdin),sort_keys=True,separators=(",",":"),ensure_ascii=False))';
    const canonical = execFileSync('python3', ['-c', script], {
      input: JSON.stringify({ storage, network, bios_attributes }),
    });
    expect(createHash('sha256').update(canonical).digest('hex')).toBe(kind?.hash);
  });

  it('says what is wrong with its file when the site is validated, and stops nothing that is right', async () => {
    writeFileSync(at('profiles/twice.yaml'), readFileSync(at('profiles/huge.yaml')));
    const { ok, problems } = await service.call('site.validate', { file: at('site.yaml') });
    rmSync(at('profiles/twice.yaml'));
    expect(ok).toBe(false);
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'PROFILE_TWICE', file: at('profiles/twice.yaml'), line: 1, column: 7 },
    ]);
    expect(await service.call('site.validate', { file: at('site.yaml') })).toMatchObject({ ok: true });
  });

  it('shows in the plan of each host what its BIOS does not take', async () => {
    const { hosts } = await service.call('plan.show', { file: at('site.yaml') });
    for (const { findings } of hosts)
      expect(
        findings.filter(({ code }) => code === 'profile.bios_refused').map(({ severity }) => severity),
      ).toEqual(['warning', 'warning']);
  });
});
