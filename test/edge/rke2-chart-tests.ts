import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createChart, deploymentOf, type TriedChart } from './rke2-chart.ts';
import type { Rke2Site } from './rke2-site.ts';
import { causeOf } from './service-cause.ts';

/** What is tried of Helm charts on a cluster that is up, in the tests of the stage rke2, which have one. */
export function chartTests(site: () => Rke2Site): void {
  let chart: TriedChart;
  beforeAll(async () => {
    chart = await createChart(site());
  });

  it('is only told of in check mode', async () => {
    const dry = await chart.apply({}, { _ansible_check_mode: true });
    expect(dry).toMatchObject({ changed: true, msg: 'chart gauge 1.0.0 as release tried in hall created' });
    expect((await chart.look('', 0)).msg).toBe('40-tried: HelmChart tried is gone.');
  });

  it('that fails is told of with the last words of its job, and tried anew by the next attempt', async () => {
    const values = { stand_in_fails: 'no matches for kind Gauge' };
    expect(await chart.apply(values)).toMatchObject({ changed: true, before: '' });
    const failed = await chart.look();
    expect(failed).toMatchObject({ ready: false, hopeless: true, code: 'CHART_INSTALL_FAILED' });
    const words = 'Error: INSTALLATION FAILED: no matches for kind Gauge';
    expect(failed.msg).toBe(`40-tried: its job helm-install-tried failed 3 times: ${words}`);
    expect(failed['stderr']).toContain('rke2 stand-in: the chart tried is kept and not rendered');
    expect(causeOf(failed)).toBe('workload.chart_install');
    const again = await chart.apply(values);
    expect(again).toMatchObject({ changed: true, before: expect.stringMatching(/.{36}/) as string });
    expect(again.msg).toContain('is tried anew');
    expect(await chart.look(String(again['before']), 0)).toMatchObject({ ready: false, hopeless: false });
  });

  it('is upgraded where its values are others, and left alone where they are not', async () => {
    const upgraded = await chart.apply({ replicas: 2 });
    expect(upgraded).toMatchObject({ changed: true, before: expect.stringMatching(/.{36}/) as string });
    expect(await chart.look(String(upgraded['before']))).toMatchObject({ ready: true });
    expect(await chart.apply({ replicas: 2 })).toMatchObject({ changed: false, before: '' });
    const drifted = await chart.apply({ replicas: 3 }, { compare: true });
    expect(causeOf(drifted)).toBe('workload.drift');
  });

  it('is not taken for installed because its job ended, where Helm says otherwise', async () => {
    const path = join(site().folder, 'failed-release.json');
    const labels = { owner: 'helm', name: 'tried', status: 'failed', version: '99' };
    const metadata = { name: 'sh.helm.release.v1.tried.v99', namespace: 'hall', labels };
    const release = (status: string) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { ...metadata, labels: { ...labels, status } },
      });
    const kubeconfig = join(site().kept, 'kubeconfig');
    writeFileSync(path, release('failed'));
    await site().call('bringup_manifest_apply', { kubeconfig, path });
    const failed = await chart.look('', 0);
    expect(failed).toMatchObject({ ready: false, hopeless: true });
    expect(failed.msg).toContain(
      'its job helm-install-tried ended, and Helm says that the release is failed',
    );
    expect(causeOf(failed)).toBe('workload.chart_install');
    writeFileSync(path, release('deployed'));
    await site().call('bringup_manifest_apply', { kubeconfig, path });
  });

  it('is ready when the workloads are that Helm made for it', async () => {
    const made = deploymentOf('made', 'quay.io/elsewhere/app:1');
    const marks = { 'meta.helm.sh/release-name': 'tried', 'meta.helm.sh/release-namespace': 'hall' };
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    const path = join(site().folder, 'made-by-helm.json');
    const metadata = { ...made.metadata, labels, annotations: marks };
    writeFileSync(path, JSON.stringify({ ...made, metadata }));
    await site().call('bringup_manifest_apply', { kubeconfig: join(site().kept, 'kubeconfig'), path });
    const waiting = await chart.look('', 0);
    expect(waiting.msg).toContain(
      '40-tried: 0 of 1 workloads of its release are ready; Deployment hall/made:',
    );
    expect(causeOf(waiting)).toBe('workload.image');
  });
}
