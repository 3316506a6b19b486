import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ensureLabBundle } from '../../main/lab/bundle.ts';
import { writeChart } from '../../main/lab/chart.ts';
import { createLabContext } from '../../main/lab/context.ts';
import { labWholeSiteFile } from '../../main/lab/site-file.ts';
import { callModule, PLAYBOOKS, runCommand, type ModuleResult } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bringup-charts-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const place = (name: string): string => join(root, 'workloads', name);
const read = (charts: readonly object[] = []): Promise<ModuleResult> =>
  callModule('bringup_workloads_read', { folder: join(root, 'workloads'), root, charts });
const chartFile = (more: string): Record<string, string> => ({
  'Chart.yaml': `apiVersion: v2\nname: gauge\nversion: 1.0.0\n${more}`,
});

/** Lays a namespace into the folder, as an application of manifests. */
function manifest(name: string): void {
  mkdirSync(join(place(name), '..'), { recursive: true });
  writeFileSync(place(name), '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "hall"}}');
}

/** The list of the repository, in which the chart has this hash. */
function listed(file: string, sha256: string): void {
  writeFileSync(join(root, 'SHA256SUMS'), `${sha256}  workloads/${file}\n`);
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** The values that the release of 20-gauge gets, with these of the site file. */
async function valuesOf(values: object): Promise<string> {
  const program = `import json, sys
from ansible import module_utils
module_utils.__path__.append(sys.argv[1])
from ansible.module_utils.bringup_workloads import list_applications, read_application, with_settings
one, = with_settings(list_applications(sys.argv[2]), [{"application": "20-gauge", "values": json.loads(sys.argv[3])}], sys.argv[2])
print(read_application(one, "/")["objects"][0]["spec"]["valuesContent"], end="")`;
  const words = ['-B', '-c', program, `${PLAYBOOKS}/module_utils`, join(root, 'workloads')];
  const { stdout, stderr } = await runCommand('/usr/bin/python3', [...words, JSON.stringify(values)]);
  if (stderr !== '') throw new Error(stderr);
  return stdout;
}

describe('applications of a site, read before any is applied', () => {
  it('are manifests and charts in the order of their names, each chart with its name, version and release', async () => {
    manifest('10-hall.yaml');
    const archive = await writeChart(place('20-gauge'));
    listed('20-gauge/gauge-1.0.0.tgz', hashOf(archive));
    cpSync(archive, place('30-second.tgz'));
    manifest('40-last/settings.yaml');
    const found = await read([{ application: '30-second.tgz', release: 'second', namespace: 'hall' }]);
    expect(found.msg).toBe(
      '4 applications: 10-hall.yaml, 20-gauge (gauge 1.0.0), 30-second.tgz (gauge 1.0.0), 40-last',
    );
    expect(found['applications']).toMatchObject([
      { kind: 'manifests' },
      { kind: 'chart', release: 'gauge', namespace: 'gauge' },
      { kind: 'chart', release: 'second', namespace: 'hall' },
      { kind: 'manifests' },
    ]);
  });

  it.each<[string, (archive: string) => void, string]>([
    ['was cut off', (archive) => truncateSync(archive, 200), 'is no whole chart archive (.tgz)'],
    [
      'is none',
      (archive) => writeFileSync(archive, 'a page that says 404'),
      'is no whole chart archive (.tgz)',
    ],
    [
      'is not the one of the bundle',
      () => listed('20-gauge/gauge-1.0.0.tgz', 'a'.repeat(64)),
      'and the bundle says aaaa',
    ],
    [
      'is too large for RKE2',
      (archive) => truncateSync(archive, 786_433),
      'RKE2 takes a chart of 786432 at most',
    ],
    ['lies beside manifests', () => manifest('20-gauge/more.yaml'), 'holds gauge-1.0.0.tgz and more.yaml'],
  ])('stop at a chart that %s, with its place', async (_, damage, told) => {
    manifest('10-hall.yaml');
    damage(await writeChart(place('20-gauge')));
    const refused = await read();
    expect(refused.msg).toContain(told);
    expect(refused.msg).toContain(place('20-gauge'));
    expect(causeOf(refused)).toBe('workload.chart');
  });

  it.each([
    ['has no version', { 'Chart.yaml': 'apiVersion: v2\nname: gauge\n' }, 'Chart.yaml says no version'],
    ['is a library', chartFile('type: library\n'), 'a chart of the type library'],
    ['cannot be read', { 'Chart.yaml': 'name: [gauge' }, 'Chart.yaml cannot be read as YAML'],
    [
      'lacks a chart that it needs, which nobody can fetch here',
      chartFile(
        'dependencies: [{name: there}, {name: database, version: 1.x.x, repository: "https://charts.example"}]\n',
      ),
      'lacks the charts database',
    ],
  ])('stop at a chart that %s', async (_, files, told) => {
    await writeChart(place('20-gauge'), { 'charts/there/Chart.yaml': 'name: there\n', ...files });
    const refused = await read();
    expect(refused).toMatchObject({ failed: true });
    expect(refused.msg).toContain(told);
    expect(causeOf(refused)).toBe('workload.chart');
  });

  it.each([
    ['a chart that is not there', [{ application: '20-guage' }], 'is no chart in', 'workload.chart'],
    [
      'another hash',
      [{ application: '20-gauge', sha256: 'b'.repeat(64) }],
      'the site file says bbbb',
      'workload.chart',
    ],
    [
      'a release of RKE2 itself',
      [{ application: '20-gauge', release: 'rke2-coredns' }],
      'cannot be the release',
      'workload.chart_settings',
    ],
    [
      'a release twice',
      [{ application: '30-gauge', release: 'gauge' }],
      '20-gauge and 30-gauge would both be',
      'workload.chart_settings',
    ],
    [
      'values that are not there',
      [{ application: '20-gauge', values_file: 'no.yaml' }],
      'No such file',
      'workload.chart_settings',
    ],
  ])('stop where the site file names %s', async (_, charts, told, cause) => {
    cpSync(await writeChart(place('20-gauge')), place('30-gauge/gauge.tgz'));
    const refused = await read(charts);
    expect(refused.msg).toContain(told);
    expect(causeOf(refused)).toBe(cause);
  });

  it('give a chart the values of its file as they are, with those of the site file laid over them as Helm does', async () => {
    await writeChart(place('20-gauge'));
    writeFileSync(join(place('20-gauge'), 'values.yaml'), 'alarm: {at: 17, to: [a, b]} # kept\n');
    expect(await valuesOf({})).toBe('alarm: {at: 17, to: [a, b]} # kept\n');
    const laid = { alarm: { to: ['1e3'] }, replicas: 2 };
    expect(JSON.parse(await valuesOf(laid))).toEqual({ alarm: { at: 17, to: ['1e3'] }, replicas: 2 });
  });

  it('have to be there', async () => {
    const refused = await read();
    expect(refused.msg).toContain(`There is no application in ${join(root, 'workloads')}`);
    expect(causeOf(refused)).toBe('workload.manifest');
  });
});

describe('the bundle of the lab', () => {
  it('brings manifests and a chart, with the settings that its whole site file has', async () => {
    const bundle = await ensureLabBundle(createLabContext({ name: 'charts', stateDir: join(root, 'lab') }));
    await runCommand('tar', ['-xf', bundle.path, '-C', root, 'contents.json', '--wildcards', 'workloads/*']);
    const image = { path: '/i', sha256: 'ab' };
    const site = parse(labWholeSiteFile({ image, hostKeys: {}, certificates: {} }, bundle)) as {
      parameters: { workloads: { charts: object[] } };
    };
    const found = await read(site.parameters.workloads.charts);
    expect(found.msg).toBe('3 applications: 10-hall.yaml, 20-viewer.yaml, 30-gauge (gauge 1.0.0)');
    expect(found['applications']).toContainEqual(
      expect.objectContaining({ release: 'gauge', namespace: 'hall' }),
    );
  });
});
