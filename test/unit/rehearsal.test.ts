import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { X509Certificate } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import { captureFor } from '../../main/adapters/rehearsal-captures.ts';
import { makeSelfSigned } from '../../main/adapters/rehearsal-certificate.ts';
import { faultsText } from '../../main/cli/rehearsal-text.ts';
import { composeStage } from '../../src/app/rehearsal-compose.ts';
import { isPlayable, placeFaults, readFaults, stageOfFault } from '../../src/app/rehearsal-faults.ts';
import type { RehearsalPort } from '../../src/app/rehearsal-port.ts';
import { readRecording, recordedStages } from '../../src/app/rehearsal-recording.ts';
import { createTempo } from '../../src/app/rehearsal-tempo.ts';
import { loadSite } from '../../src/app/site.ts';
import { parseSite, type NormalisedSite } from '../../src/site/index.ts';

const assets = path.join(import.meta.dirname, '../../assets/rehearsal');
const port: RehearsalPort = {
  assets,
  startBmcs: () => Promise.reject(new Error('no machine is asked here')),
  sleep: async () => undefined,
};

async function rehearsalSite(): Promise<NormalisedSite> {
  const file = path.join(assets, 'site.yaml');
  const { site, problems } = parseSite({ file, bytes: await readFile(file) });
  expect(problems).toEqual([]);
  if (site === undefined) throw new Error('the rehearsal site is not valid');
  return site;
}

async function play(stage: string, fault?: string, host?: string) {
  const [site, plays, known] = [
    await rehearsalSite(),
    await readRecording(port, stage),
    await readFaults(port),
  ];
  const entry = known.find(({ name }) => name === fault);
  const faults = entry === undefined ? [] : [{ entry, ...(host === undefined ? {} : { host }) }];
  return composeStage(plays ?? [], { site, targets: site.hosts.map(({ name }) => name), faults });
}

/** Events of a kind that are about a host. */
const about = (played: Awaited<ReturnType<typeof play>>, kind: RegExp, host: string) =>
  played.events.filter(({ event }) => kind.test(event.event) && Reflect.get(event.data, 'host') === host);

describe('a recording', () => {
  it('has no name or address of the recorded site, and no placeholder that nothing fills', async () => {
    for (const stage of await recordedStages(port)) {
      const text = await readFile(path.join(assets, 'stages', `${stage}.jsonl`), 'utf8');
      expect(text).not.toMatch(
        /\b(?:192\.0\.2|198\.(?:18|19|51)|203\.0\.113)\.|lab\.bringup|\bnode-\d|\/tmp\/|BEGIN /,
      );
      expect(JSON.stringify(await play(stage))).not.toContain('{{');
    }
  });

  it('stays small', async () => {
    for (const name of await readdir(path.join(assets, 'stages')))
      expect((await readFile(path.join(assets, 'stages', name))).length, name).toBeLessThan(100_000);
  });

  it('is told for every target server, with its own values and numbers without a gap', async () => {
    const played = await play('network-services');
    expect(played.failed).toBe(false);
    expect(played.events.map(({ event }) => event.counter)).toEqual(
      played.events.map((_, index) => index + 1),
    );
    const answers = (host: string) => about(played, /^runner_on/, host).length;
    expect(answers('node-5')).toBe(answers('node-1'));
    expect(JSON.stringify(about(played, /^runner_on/, 'node-3'))).toContain('10.20.0.102 on nic2');
  });
});

describe('a server without an operating system', () => {
  const said = (played: Awaited<ReturnType<typeof play>>, host: string) =>
    JSON.stringify(about(played, /^runner_on/, host));

  it('is left out of the stages before, gets one, and is tried afterwards, in the words of the site', async () => {
    const before = await play('network-services');
    expect(said(before, 'node-6')).toContain('node-6 has no operating system yet: left out here');
    expect(said(before, 'node-6')).not.toContain('stratum');
    expect(said(before, 'node-5')).toContain('stratum');
    const installs = await play('os');
    expect(said(installs, 'node-6')).toContain('boot Cd Once, http://10.20.0.10/images/installer.iso');
    expect(said(installs, 'node-5')).toContain('node-5 is not named under hosts in parameters.os');
    expect(said(installs, 'node-5')).not.toContain('virtual media');
    const tries = await play('server-checks');
    expect(said(tries, 'node-6')).toMatch(/node-1: \d+ Mbit\/s/);
    expect(said(tries, 'node-6')).toContain('10.20.0.10 gave 10.20.0.105');
    expect(said(tries, 'node-5')).not.toContain('gave');
  });

  it('is none where the site file names none: every server is tried at once', async () => {
    const site = await rehearsalSite();
    const targets = site.hosts.map(({ name }) => name);
    const { os: _os, ...parameters } = site.parameters;
    const plays = await readRecording(port, 'network-services');
    const played = composeStage(plays ?? [], { site: { ...site, parameters }, targets, faults: [] });
    expect(said(played, 'node-6')).toContain('stratum');
    expect(JSON.stringify(played.events)).not.toMatch(/operating system by now|left_out/);
  });

  it('is tried as any other once it was installed', async () => {
    const site = await rehearsalSite();
    const targets = site.hosts.map(({ name }) => name);
    const plays = (await readRecording(port, 'network-services')) ?? [];
    const played = composeStage(plays, { site, targets, faults: [], installed: true });
    expect(said(played, 'node-6')).toContain('stratum');
  });

  it('meets a fault of its own where it is tried after it was installed', async () => {
    const known = await readFaults(port);
    const loaded = await loadSite(path.join(assets, 'site.yaml'), path.join(assets, '../../playbooks'));
    const stageOf = (name: string, host?: string): string[] =>
      known
        .filter((fault) => fault.name === name)
        .map((entry) => stageOfFault({ entry, ...(host === undefined ? {} : { host }) }, loaded));
    expect(stageOf('ntp-off')).toEqual(['network-services']);
    expect(stageOf('ntp-off', 'node-6')).toEqual(['server-checks']);
    expect(stageOf('mtu-1400', 'node-6')).toEqual(['server-checks']);
    expect(stageOf('dns-dead')).toEqual(['network-tests']);
    for (const fault of ['ntp-off', 'host-off', 'mtu-1400', 'duplicate-address', 'port-blocked'])
      expect((await play('server-checks', fault, 'node-6')).failed, fault).toBe(true);
  });
});

describe('a fault', () => {
  it('takes its host out of the stage, as Ansible does, and leaves the others in it', async () => {
    const played = await play('network-services', 'ntp-off', 'node-2');
    expect(played.failed).toBe(true);
    expect(about(played, /failed/, 'node-2')).toHaveLength(1);
    expect(about(played, /failed/, 'node-1')).toHaveLength(0);
    expect(played.events.at(-1)?.event).toMatchObject({
      event: 'playbook_on_stats',
      data: { failures: { 'node-2': 1 }, dark: {} },
    });
  });

  it('of all hosts of a play ends the playbook there', async () => {
    const events = (await play('deployment-vm', 'vm-no-boot')).events.map(({ event }) => event);
    const failed = events.findIndex(({ event }) => event === 'runner_on_failed');
    expect(events.slice(failed + 1).map(({ event }) => event)).toEqual([
      'playbook_on_no_hosts_remaining',
      'playbook_on_stats',
    ]);
  });

  it('shows at a task that the recording has, where its stage has one', async () => {
    const recorded = await recordedStages(port);
    for (const entry of (await readFaults(port)).filter((fault) => isPlayable(fault, recorded))) {
      // What is wrong with a server without an operating system shows in the other one.
      const plays = [entry.stage, 'server-checks'].map((stage) => readRecording(port, stage));
      const tasks = (await Promise.all(plays)).flatMap((found) =>
        (found ?? []).flatMap((play) => play.tasks),
      );
      const titles = tasks.map(({ title }) => title);
      for (const { task } of entry.results ?? []) expect(titles, entry.name).toContain(task);
    }
  });

  it('of a stage that the site file leaves out is refused', async () => {
    const [known, recorded] = [await readFaults(port), await recordedStages(port)];
    const site = await rehearsalSite();
    expect(() => placeFaults(['mtu-1400'], known, recorded, site, [])).toThrow(
      /which this site file leaves out/,
    );
  });

  it('is listed in 80 columns', async () => {
    const recorded = await recordedStages(port);
    const faults = (await readFaults(port)).map((entry) => ({
      ...{ name: entry.name, title: entry.title, stage: entry.stage, stage_title: entry.stage },
      // As if nobody had recorded its stage.
      ...{
        on_host: entry.on_host === true,
        playable: entry.name !== 'job-stuck' && isPlayable(entry, recorded),
      },
    }));
    expect(faults.filter(({ playable }) => !playable)).toHaveLength(1);
    const lines = stripVTControlCharacters(faultsText(faults, 80)).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('not yet: its stage has no recording');
  });
});

describe('simulated BMCs', () => {
  it('have certificates for their addresses, good for a year or expired, made without openssl', () => {
    const good = new X509Certificate(makeSelfSigned('10.20.1.11', 'node-1', false).cert);
    expect(good.checkIP('10.20.1.11')).toBe('10.20.1.11');
    expect(good.verify(good.publicKey)).toBe(true);
    expect(Date.parse(good.validTo)).toBeGreaterThan(Date.now() + 300 * 86_400_000);
    const old = new X509Certificate(makeSelfSigned('10.20.1.11', 'node-1', true).cert);
    expect(Date.parse(old.validTo)).toBeLessThan(Date.now());
  });

  it('show the hardware of the profile or role they stand for', () => {
    const system = '/redfish/v1/Systems/System.Embedded.1';
    expect(captureFor('gpu', false).lookup(`${system}/Processors/Video.Slot.7-1`)).toMatchObject({
      ProcessorType: 'GPU',
    });
    expect(captureFor('anything', true).lookup(system)).toMatchObject({ PowerState: 'Off' });
    expect(captureFor('anything', false).lookup(system)).toMatchObject({ PowerState: 'On' });
  });
});

describe('pace', () => {
  it('divides the recorded waits, and keeps saying that the machine is there', async () => {
    const slept: number[] = [];
    const sleep = async (milliseconds: number) => void slept.push(milliseconds);
    let beats = 0;
    await createTempo({ sleep }, 1).wait(12, () => (beats += 1));
    expect([slept, beats]).toEqual([[5000, 5000, 2000], 2]);
    slept.length = 0;
    await createTempo({ sleep }, 10).wait(12);
    expect(slept).toEqual([1200]);
    slept.length = 0;
    await createTempo({ sleep }, 'max').wait(12);
    expect(slept).toEqual([]);
  });

  it('does not hold a cancelled rehearsal up', async () => {
    const slept: number[] = [];
    const cancel = AbortSignal.abort();
    await createTempo({ sleep: async (milliseconds) => void slept.push(milliseconds) }, 1, cancel).wait(60);
    expect(slept).toEqual([]);
  });
});
