import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseStack } from '../../src/stacks/index.ts';
import { changed, problemsOf } from './site-example.ts';

const FILE = new URL('../../playbooks/stacks/dell-rke2/stack.yaml', import.meta.url);
const STACK = parseStack(readFileSync(FILE, 'utf8'), 'stack.yaml');

/** What is wrong with these settings of charts. */
function faultsOf(charts: string): readonly string[] {
  const parameters = `rke2: {install: true, artifacts: /srv/rke2}, workloads: {apply: true, path: /srv/workloads, charts: [${charts}]}`;
  const text = changed('hosts:', `parameters: {${parameters}}\nhosts:`);
  return problemsOf(text, { stack: STACK }).filter((problem) => problem.includes('parameters'));
}

describe('the settings of Helm charts in a site file', () => {
  it.each([
    '{application: 30-gauge}',
    '{application: 30-gauge.tgz, release: gauge, namespace: hall, values: {alarm: {at: 17}}, failure_policy: reinstall}',
    `{application: 30-gauge, sha256: ${'ab'.repeat(32)}, values_file: values/gauge.yaml}`,
  ])('may be %s', (charts) => {
    expect(faultsOf(charts)).toEqual([]);
  });

  it.each([
    ['no application', '{release: gauge}', "must have required property 'application'"],
    ['a folder elsewhere', '{application: ../30-gauge}', 'parameters.workloads.charts[0].application'],
    ['a name that Kubernetes does not take', '{application: a, release: Gauge_1}', 'charts[0].release'],
    ['a hash that is none', '{application: a, sha256: 1234}', 'charts[0].sha256'],
    ['values that are a text', '{application: a, values: "replicas: 2"}', 'charts[0].values'],
    [
      'a policy that RKE2 does not have',
      '{application: a, failure_policy: retry}',
      'one of the allowed values',
    ],
    ['one chart twice', '{application: a}, {application: a}', 'SITE_DUPLICATE_NAME'],
    ['a word of Helm', '{application: a, version: 1.0.0}', 'version'],
  ])('may not be %s', (_, charts, told) => {
    expect(faultsOf(charts)).toEqual([expect.stringContaining(told)]);
  });
});
