import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainFailure, loadCatalogue, type FailureInput } from '../../src/failures/index.ts';

const names = { run: 'r1', site: 'lab', at: '2026-11-21T02:00:00Z', version: '0.1.0' };
const input: FailureInput = {
  what: 'Task "Define the VM" failed on kvm-host.',
  where: {
    stage: 'deployment-vm',
    task: 'Define the VM',
    host: 'kvm-host',
    runs_on: 'kvm-host',
    file: 'a.yml',
    line: 7,
  },
  message: "Cannot get interface MTU on 'br-mgmt': No such device",
  evidence: [
    {
      source: 'stderr',
      text: `${'noise\n'.repeat(30)}error: internal error: br-mgmt\n${'noise\n'.repeat(30)}`,
    },
  ],
};
const catalogue = loadCatalogue([
  {
    file: 'kvm.yaml',
    text: `
- key: kvm.bridge_missing
  owner: customer-it
  summary: The bridge of the KVM host does not exist.
  match: {any: ["interface MTU on '[^']+': No such device"], codes: [PREFLIGHT_BRIDGE]}
  fixes: [{title: List the bridges, command: ip -br link show type bridge}]
  request: "On {host} of site {site} the bridge is missing ({nonsense})."
`,
  },
]);

describe('a failure', () => {
  it('is explained by the catalogue', () => {
    const record = explainFailure(input, catalogue, names);
    expect(record).toMatchObject({
      ...{ what: input.what, where: input.where, owner: 'customer-it' },
      why: { key: 'kvm.bridge_missing', summary: 'The bridge of the KVM host does not exist.' },
      fixes: [{ title: 'List the bridges', command: 'ip -br link show type bridge' }],
    });
    expect(record.reference).toMatch(/^F-[0-9a-f]{4}$/);
    for (const words of [
      record.reference,
      'On kvm-host of site lab the bridge is missing ({nonsense}).',
      "For the customer's IT",
      'stage deployment-vm, carried out on kvm-host, task "Define the VM", host kvm-host, a.yml:7',
      '- List the bridges: ip -br link show type bridge',
      'No such device',
    ])
      expect(record.request).toContain(words);
  });

  it('keeps the lines that tell out of long evidence', () => {
    const { why } = explainFailure(input, catalogue, names);
    expect(why.evidence).toContainEqual({ source: 'stderr', text: 'error: internal error: br-mgmt' });
  });

  it('shows the telling lines first and then the last ones of a console', () => {
    const console = `[FAILED] Failed to start networking.\n${'one two three four five'.replaceAll(' ', '\n')}\nlogin:`;
    const evidence = [
      { source: 'stderr', text: 'x' },
      { source: 'console', text: console },
    ];
    const { why } = explainFailure({ ...input, evidence }, catalogue, names);
    expect(why.evidence.slice(1)).toEqual([
      { source: 'console', text: '[FAILED] Failed to start networking.' },
      { source: 'console, last lines', text: 'three\nfour\nfive\nlogin:' },
    ]);
  });

  it('is said to be unknown when it is, with its evidence all the same', () => {
    const record = explainFailure(input, loadCatalogue([]), names);
    expect(record).toMatchObject({ owner: null, fixes: [], why: { key: null } });
    expect(record.why.summary).toContain('not known');
    expect(record.why.evidence.map(({ source }) => source)).toEqual([
      ...['message', 'stderr', 'stderr, last lines'],
    ]);
  });

  it('matches the code of an error before any pattern', () => {
    const record = explainFailure({ ...input, message: 'x', code: 'PREFLIGHT_BRIDGE' }, catalogue, names);
    expect(record.why.key).toBe('kvm.bridge_missing');
  });

  it('of an uncatalogued code has its key and owner from the code, and its hint as fix', () => {
    const own = { ...input, code: 'SSH_UNREACHABLE', message: 'No route to host.', hint: 'Check the cable.' };
    expect(explainFailure(own, loadCatalogue([]), names)).toMatchObject({
      owner: 'customer-network',
      why: { key: 'ssh.unreachable', summary: 'No route to host.' },
      fixes: [{ title: 'Check the cable.' }],
    });
  });

  it('keeps its reference on every host and at every try, and has another for another cause or task', () => {
    const reference = (more: Partial<FailureInput>, where: Partial<FailureInput['where']> = {}): string =>
      explainFailure({ ...input, ...more, where: { ...input.where, ...where } }, catalogue, names).reference;
    expect(reference({ what: 'Task "Boot" failed on node-2.' }, { host: 'node-2' })).toBe(reference({}));
    expect(reference({ message: 'No space left on device', evidence: [] })).not.toBe(reference({}));
    expect(reference({}, { task: 'Another' })).not.toBe(reference({}));
  });
});

describe('a catalogue', () => {
  const entry = (key: string, pattern = 'x'): string =>
    `- {key: ${key}, owner: vendor, summary: S, match: {any: ["${pattern}"]}, fixes: []}\n`;

  it.each([
    ['a bad pattern', entry('a.b', '('), /a\.b.*Invalid regular expression/],
    ['an unknown owner', entry('a.b').replace('vendor', 'nobody'), /owner/],
    ['no way to match', entry('a.b').replace('{any: ["x"]}', '{}'), /match/],
    ['a key used twice', entry('a.b') + entry('a.b'), /a\.b is already used/],
    ['what is not YAML', '- [', /Not YAML/],
  ])('tells %s', (_name, text, words) => {
    expect(loadCatalogue([{ file: 'f.yaml', text }]).problems).toEqual([
      expect.objectContaining({ file: 'f.yaml', message: expect.stringMatching(words) }),
    ]);
  });

  it('goes on without what is wrong', () => {
    const { causes, problems } = loadCatalogue([
      { file: 'bad.yaml', text: 'nonsense' },
      { file: 'good.yaml', text: entry('a.b') },
    ]);
    expect(causes.map(({ key }) => key)).toEqual(['a.b']);
    expect(problems).toHaveLength(1);
  });

  it('ships without a fault', () => {
    const folder = new URL('../../playbooks/failures/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') || name.endsWith('.yml'));
    const loaded = loadCatalogue(
      files.map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') })),
    );
    expect(loaded.problems).toEqual([]);
    expect(loaded.causes.length).toBeGreaterThan(0);
  });
});
