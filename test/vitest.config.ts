import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Edge tests that take longest, the longest first. */
const LONGEST = [
  ...['rke2-stage', 'vantage-namespaces', 'health-stage', 'network-tests-playbook', 'logging-stage'],
  ...['bios-ome-stage', 'firmware-stage', 'ome-stage', 'ansible-lifecycle', 'network-tests-faults'],
  ...['bios-stage', 'ansible-attempts', 'repository-stage', 'playbooks-ova', 'rehearse', 'ome-appliance'],
  ...['ansible-killed', 'os-stage', 'ansible-results', 'playbooks-probes', 'ome-modules', 'electron-package'],
];

/** Begins with what takes longest, so that no file runs on alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification): number => {
      const at = LONGEST.indexOf(path.basename(moduleId, '.test.ts'));
      return project.config.sequence.groupOrder * 1000 + (at < 0 ? LONGEST.length : at);
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

/**
 * The system's programs come first: another Python before it on somebody's path has no Ansible, and may be a wrapper
 * that takes longer than what it starts.
 */
const PATH = [
  ...['/usr/local/sbin:/usr/local/bin', path.dirname(process.execPath)],
  ...['/usr/sbin:/usr/bin:/sbin:/bin', process.env['PATH']],
].join(':');

/** What is looked for again and again may take as long as a machine needs that has other tests to run beside. */
const PATIENT = { poll: { timeout: 60_000 } };

/**
 * Files of pure tests run side by side, one a processor; those of edge tests two more, as they mostly wait for other
 * programs; the lab's tests own the machine's namespaces and run one by one. Those that take too long for every day are `long`.
 */
export default defineConfig({
  root,
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        root,
        test: {
          name: 'unit',
          expect: PATIENT,
          include: ['test/unit/**/*.test.{ts,tsx}'],
          testTimeout: 120_000,
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 1 },
        },
      },
      {
        root,
        test: {
          name: 'edge',
          expect: PATIENT,
          env: { PATH },
          include: ['test/edge/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          maxWorkers: Math.min(availableParallelism() + 2, 4),
          sequence: { groupOrder: 2 },
        },
      },
      {
        root,
        test: {
          name: 'e2e',
          expect: PATIENT,
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/support/left-as-found.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        root,
        test: {
          name: 'long',
          expect: PATIENT,
          include: ['test/long/**/*.test.ts'],
          globalSetup: ['test/e2e/support/left-as-found.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
