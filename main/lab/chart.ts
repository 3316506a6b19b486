import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTool } from './run-tool.ts';

/** Name and version of the lab's chart, and what it is called in the folder of applications. */
export const LAB_CHART = { name: 'gauge', version: '1.0.0', application: '30-gauge' } as const;

const FILES: Readonly<Record<string, string>> = {
  'Chart.yaml': `apiVersion: v2
name: ${LAB_CHART.name}
version: ${LAB_CHART.version}
description: A small application of the lab, as a Helm chart
type: application
`,
  'values.yaml': `image: docker.io/rancher/rke2-runtime:stand-in
replicas: 1
unit: celsius
`,
  'templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      app.kubernetes.io/name: {{ .Chart.Name }}
      app.kubernetes.io/instance: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/instance: {{ .Release.Name }}
    spec:
      containers:
        - name: main
          image: {{ .Values.image | quote }}
          env:
            - name: UNIT
              value: {{ .Values.unit | quote }}
`,
};

/**
 * Writes the lab's chart as `helm package` would, into `folder`, and beside it values of the site. Answers the archive's path.
 * Other `files` are laid over its own, by their paths in the chart.
 */
export async function writeChart(
  folder: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const build = await mkdtemp(path.join(tmpdir(), 'bringup-chart-'));
  const archive = path.join(folder, `${LAB_CHART.name}-${LAB_CHART.version}.tgz`);
  try {
    for (const [name, content] of Object.entries({ ...FILES, ...files })) {
      const file = path.join(build, LAB_CHART.name, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    await mkdir(folder, { recursive: true });
    const plain = [
      '--sort=name',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '--mtime=@0',
      '--mode=u=rwX,go=rX',
    ];
    await runTool('tar', ['-C', build, ...plain, '-czf', archive, LAB_CHART.name]);
  } finally {
    await rm(build, { recursive: true, force: true });
  }
  await writeFile(path.join(folder, 'values.yaml'), 'unit: kelvin\n');
  return archive;
}
