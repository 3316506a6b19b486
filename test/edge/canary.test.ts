import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createRedactor } from '../../src/app/redactor.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import type { Credential, StageEvent } from '../../src/contract/ports.ts';
import { createRecorder } from '../../src/runs/recorder.ts';
import { filesWith, formsIn, formsOf, makeCanary, watchProcesses } from '../e2e/support/canary.ts';
import { explain } from '../unit/runs-rig.ts';
import { SITE } from '../unit/site-example.ts';
import { openLaptop, type Laptop } from './export-laptop.ts';
import { createLocalSite, type LocalSite } from './local-stage.ts';

const RUN = 'r1';

let folder: string;
let laptop: Laptop;
let site: LocalSite;
let credentials: Record<string, Credential>;
let forms: string[];
let processes: ReturnType<typeof watchProcesses>;
const told: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-canary-'));
  const keyFile = path.join(folder, 'id');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
  const privateKey = readFileSync(keyFile, 'utf8');
  const publicKey = readFileSync(`${keyFile}.pub`, 'utf8');
  rmSync(keyFile);
  rmSync(`${keyFile}.pub`);
  const [password, bmc, pull, token] = ['node', 'bmc', 'pull', 'token'].map(makeCanary) as [
    string,
    string,
    string,
    string,
  ];
  credentials = {
    node: { username: 'admin', password },
    idrac: { username: 'root', password: bmc },
    'kvm-host': { privateKey },
    registry: { username: 'puller', password: pull },
    token: { password: token },
  };
  const keyLines = privateKey.split('\n').slice(2, -2);
  // A private key file repeats the public key, which is no secret.
  forms = [password, bmc, pull, token, ...keyLines]
    .flatMap(formsOf)
    .filter((form) => !publicKey.includes(form));
  laptop = openLaptop(path.join(folder, 'home'), credentials);
  site = createLocalSite();
  processes = watchProcesses(forms, 50);
});
afterAll(async () => {
  processes?.stop();
  await site?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** One run of three stages, recorded as the engine records it: a failure, a leak, a cancel. */
async function carryOut(): Promise<void> {
  const journal = await laptop.journals.create('plant-7', RUN);
  const redactor = createRedactor();
  for (const [name, credential] of Object.entries(credentials)) redactor.add(name, credential);
  const recorder = createRecorder({
    ...{ run: RUN, journal, clock: { now: () => new Date() }, redact: redactor.event },
    onBroken: (error) => {
      throw error;
    },
  });
  recorder.onEvent((event) => told.push(JSON.stringify(event)));
  const stages = ['uses', 'leaks', 'cancelled'];
  recorder.record({
    ...{
      kind: 'run.started',
      site: 'plant-7',
      stack: 's 1',
      site_file: 'site.yaml',
      schema: 1,
      version: '0.1.0',
    },
    stages: stages.map((id) => ({ id, title: id, runs_on: 'kvm-host', after: [], hosts: ['node-1'] })),
  });
  for (const stage of stages) {
    const cancel = new AbortController();
    recorder.record({ kind: 'stage.started', stage });
    const onEvent = (event: StageEvent): void => {
      if (event.kind === 'failure') recorder.record({ kind: 'failure', stage, record: explain(event.input) });
      else recorder.record({ ...event, stage });
      if (event.kind === 'task.started' && event.title === 'Wait to be cancelled') cancel.abort();
    };
    const secrets = async (): Promise<Record<string, Credential>> => credentials;
    const { outcome } = await site.run(`${stage}.yml`, {
      stage,
      onEvent,
      signal: cancel.signal,
      ports: { secrets, attempt: { attempt: 1, leftOut: [], knows: () => false, kill: cancel.signal } },
    });
    recorder.record({ kind: 'stage.finished', stage, ...outcome });
    await recorder.sync();
  }
  await journal.close();
  await laptop.journals.keep(RUN, 'site.yaml', SITE);
}

const NODE = "bringup_credentials['node']";
const PLAYBOOKS = new URL('../../playbooks', import.meta.url).pathname;

/** Tasks as the shipped playbooks have them: they use secrets and fail, and say none. The cluster's files go to `rancher`. */
const uses = (rancher: string): string => `
- hosts: node-1
  gather_facts: false
  tasks:
    - name: Log in where nobody listens
      ansible.builtin.uri:
        url: http://127.0.0.1:1/redfish
        url_username: "{{ ${NODE}.username }}"
        url_password: "{{ ${NODE}.password }}"
        force_basic_auth: true
      ignore_errors: true
    - name: Use a password
      ansible.builtin.command:
        cmd: sha256sum
        stdin: "{{ ${NODE}.password }}"
      no_log: true
      changed_when: false
    - name: Write the login of a registry and the token of a cluster
      bringup_rke2_files:
        files:
          - {path: "${rancher}/registries.yaml", content: "{{ lookup('ansible.builtin.template', 'registries.yaml.j2') }}"}
          - {path: "${rancher}/token", content: "{{ bringup_credentials['token'].password }}"}
      vars:
        bringup_site: {name: plant-7}
        rke2_parameters: {registries: [{name: docker.io, endpoints: ['https://10.20.0.9:5000'], credential: registry}]}
    - name: Fail with a password
      ansible.builtin.command:
        cmd: sh -c 'cat >&2; exit 7'
        stdin: "{{ bringup_credentials['idrac'].password }}"
      no_log: true
- hosts: node-2
  gather_facts: false
  vars: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1, ansible_password: "{{ ${NODE}.password }}"}
  tasks:
    - name: Reach nobody
      ansible.builtin.ping:
`;

/** A playbook with every mistake: what the machine keeps of it is lost, and the laptop must not repeat it. */
const LEAKS = `
- hosts: node-1
  gather_facts: false
  vars: {secret: "{{ ${NODE}.password }}"}
  tasks:
    - name: Say it ({{ secret }})
      ansible.builtin.debug: {msg: "{{ item }}"}
      loop:
        - "{{ secret }}"
        - "{{ secret | to_json }}"
        - "{{ secret | to_json | to_json }}"
        - "{{ secret | b64encode }}"
        - "{{ ('admin:' + secret) | b64encode }}"
        - "{{ secret | urlencode }}"
        - "{{ secret | quote }}"
        - "{{ bringup_credentials['kvm-host'].private_key }}"
        - "{{ {'nested': [bringup_credentials]} }}"
    - name: Say it long
      ansible.builtin.debug: {msg: "{{ 'x' * 1995 + secret + 'y' * 4000 }}"}
    - name: Fail with it
      ansible.builtin.command: {argv: [sh, -c, 'cat | tee /dev/stderr; exit 3'], stdin: "{{ secret }}"}
`;

const CANCELLED = `
- hosts: node-1
  gather_facts: false
  tasks:
    - name: Wait to be cancelled
      ansible.builtin.command:
        cmd: sh -c 'cat >/dev/null; sleep 60'
        stdin: "{{ ${NODE}.password }}"
      no_log: true
`;

describe('secrets that went through a run', () => {
  beforeAll(async () => {
    const project = path.join(site.folder, 'project');
    cpSync(`${PLAYBOOKS}/roles/rke2/templates`, path.join(project, 'templates'), { recursive: true });
    mkdirSync(path.join(project, 'library'));
    const module = 'library/bringup_rke2_files.py';
    cpSync(path.join(PLAYBOOKS, module), path.join(project, module));
    site.writePlaybook('uses.yml', uses(path.join(folder, 'rancher')));
    site.writePlaybook('leaks.yml', LEAKS);
    site.writePlaybook('cancelled.yml', CANCELLED);
    await carryOut();
  });

  it('were used: the run failed where it should, was cancelled, and its leaks were covered', () => {
    const events = told.map((line) => JSON.parse(line) as RunEvent);
    const ends = events.flatMap((event) =>
      event.kind === 'stage.finished' ? [[event.stage, event.status]] : [],
    );
    expect(Object.fromEntries(ends)).toEqual({ uses: 'failed', leaks: 'failed', cancelled: 'cancelled' });
    const results = events.filter((event) => event.kind === 'host.result');
    expect(results.filter((event) => event.text?.includes('***')).length).toBeGreaterThan(5);
    expect(JSON.stringify(results)).toMatch(/hidden/);
  });

  it('are where they have to be: in files of their owner alone', () => {
    const registries = path.join(folder, 'rancher/registries.yaml');
    expect(parse(readFileSync(registries, 'utf8'))).toHaveProperty(
      ['configs', '10.20.0.9:5000', 'auth'],
      credentials['registry'],
    );
    for (const name of ['registries.yaml', 'token'])
      expect(statSync(path.join(folder, 'rancher', name)).mode & 0o777).toBe(0o600);
    rmSync(path.join(folder, 'rancher'), { recursive: true });
  });

  it('are in no process, no event, no journal and no failure record', () => {
    expect(formsIn(told.join('\n'), forms)).toEqual([]);
    expect(filesWith(laptop.home, forms)).toEqual([]);
  });

  it('are in nothing that stages kept which do not say them: artifacts, arguments, logs', () => {
    for (const stage of ['uses', 'cancelled']) expect(filesWith(site.stageFolder(stage), forms)).toEqual([]);
    expect(filesWith(path.join(site.folder, 'runtime'), forms)).toEqual([]);
  });

  it('are not in its export', async () => {
    const file = path.join(folder, 'run.bringup');
    await laptop.bringup.call('runs.export', { run: RUN, file });
    const text = gunzipSync(readFileSync(file)).toString();
    expect(text).toContain('stage.finished');
    expect(formsIn(text, forms)).toEqual([]);
  });

  it('are found where they are: the search itself works', async () => {
    const secret = credentials['node']?.password ?? '';
    for (const [index, form] of formsOf(secret).entries())
      writeFileSync(path.join(folder, `decoy-${index}`), `x${form}y`);
    expect(filesWith(folder, forms)).toHaveLength(formsOf(secret).length);
    const before = processes.looks();
    const decoy = spawn('sleep', ['30'], { env: { DECOY: secret } });
    while (processes.looks() < before + 2) await new Promise((resolve) => setTimeout(resolve, 50));
    decoy.kill();
    const seen = processes.stop();
    expect(seen.filter((place) => !place.includes('DECOY'))).toEqual([]);
    expect(seen).toHaveLength(1);
  });
});
