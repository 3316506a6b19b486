import type { CheckResult } from '../contract/events.ts';
import type { FailureInput } from '../contract/failure.ts';
import type { StageEvent, StageExecutor } from '../contract/ports.ts';
import { runPreflight, type PreflightInput, type PreflightResult } from '../preflight/index.ts';
import type { RemoteConnection } from '../remote/index.ts';

export interface PreflightPorts {
  kvmHost(): Promise<RemoteConnection>;
  readonly input: PreflightInput;
  /** Told once preflight passed, with what was proved about virtualisation. */
  onPassed(result: PreflightResult): void;
}

/** Stage "KVM host preflight": one task a check, with what was seen, what is wanted and the remedy. */
export function createPreflightExecutor(ports: PreflightPorts): StageExecutor {
  return {
    async execute(stage, emit) {
      const host = stage.hosts[0] ?? 'kvm-host';
      const connection = await ports.kvmHost();
      const installing = createInstallTeller(emit, host);
      const tell = (check: CheckResult): void => {
        if (!installing.isTold(check.id)) emit({ kind: 'task.started', task: check.id, title: check.title });
        const status = check.status === 'failed' ? 'failed' : check.status === 'skipped' ? 'skipped' : 'ok';
        const mark = check.status === 'warning' ? 'warning: ' : '';
        emit({ kind: 'host.result', task: check.id, host, status, text: `${mark}${check.seen}`, check });
        if (check.status === 'failed') emit({ kind: 'failure', input: failureOf(stage.id, host, check) });
      };
      const result = await runPreflight(connection, { ...ports.input, onOutput: installing.onOutput }, tell);
      const failed = result.checks.filter((check) => check.status === 'failed').length;
      if (failed > 0) return { status: 'failed', text: `${failed} of ${result.checks.length} checks` };
      ports.onPassed(result);
      const warnings = result.checks.filter((check) => check.status === 'warning').length;
      const more = warnings === 0 ? '' : `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
      const facts = { virtualization: result.virtualization };
      return { status: 'ok', text: `${result.checks.length} checks${more}`, facts };
    },
  };
}

/** An installation takes minutes: its task is told when it begins, and what it says at most once a second. */
function createInstallTeller(
  emit: (event: StageEvent) => void,
  host: string,
): { onOutput(line: string): void; isTold(task: string): boolean } {
  let last: number | undefined;
  return {
    onOutput(line) {
      if (last === undefined)
        emit({ kind: 'task.started', task: INSTALL, title: 'Install missing packages' });
      const now = performance.now();
      if (last !== undefined && now - last < 1000) return;
      last = now;
      emit({ kind: 'task.progress', task: INSTALL, host, text: line });
    },
    isTold: (task) => task === INSTALL && last !== undefined,
  };
}

const INSTALL = 'install';

function failureOf(stage: string, host: string, check: CheckResult): FailureInput {
  return {
    what: `${check.title}: ${check.seen}`,
    where: { stage, task: check.title, host, runs_on: 'laptop' },
    message: `Seen: ${check.seen}. Wanted: ${check.wanted}.`,
    ...(check.code === undefined ? {} : { code: check.code }),
    ...(check.remedy === undefined ? {} : { hint: check.remedy }),
    evidence: [],
  };
}
