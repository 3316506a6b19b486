import { dirname, join } from 'node:path';
import { writeChart } from '../../main/lab/chart.ts';
import type { ModuleResult } from './playbooks-ansible.ts';
import type { Rke2Site } from './rke2-site.ts';

/** The application 40-tried with the lab's chart, as release `tried` in the namespace `hall`. */
export interface TriedChart {
  /** Applies it with these values. */
  apply(values: object, more?: object): Promise<ModuleResult>;
  /** Looks for some seconds whether it is ready; the job `before` does not count. */
  look(before?: string, seconds?: number): Promise<ModuleResult>;
}

/** Lays the chart beside the applications of the site, so that no stage applies it. */
export async function createChart(site: Rke2Site): Promise<TriedChart> {
  const archive = await writeChart(join(site.folder, 'charts/40-tried'));
  const kubeconfig = join(site.kept, 'kubeconfig');
  const about = { name: '40-tried', kind: 'chart', path: dirname(archive), archive };
  return {
    apply: (values, more = {}) =>
      site.call('bringup_chart_apply', {
        ...{ kubeconfig, root: site.folder },
        application: { ...about, settings: { release: 'tried', namespace: 'hall', values } },
        ...more,
      }),
    look: (before = '', seconds = 10) =>
      site.call('bringup_chart_ready', {
        ...{ kubeconfig, application: about.name, release: 'tried', namespace: 'hall', before, seconds },
      }),
  };
}

/** A deployment of two pods in the namespace `hall`. */
export function deploymentOf(name: string, image: string) {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'hall' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } },
    },
  };
}
