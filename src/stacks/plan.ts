import type { PlannedStage } from '../contract/events.ts';
import type { Stack, StackStage } from './schema.ts';

/** The two stages Bringup carries out itself, before any playbook can run. */
export const PREFLIGHT_STAGE = 'kvm-host-preflight';
export const UPLOAD_STAGE = 'upload';

/** As many hosts as a sentence can name. */
const MOST_NAMED = 5;

export interface PlanNames {
  readonly deploymentVm: string;
  readonly targets: readonly string[];
}

/**
 * Resolves a stack for one site: which stages run, in what order, on which hosts and why. `site` is the normalised
 * site file as plain data, only read by `when`. Nothing is executed.
 */
export function planStages(stack: Stack, site: unknown, names: PlanNames): PlannedStage[] {
  const own: PlannedStage[] = [
    {
      id: PREFLIGHT_STAGE,
      title: 'KVM host preflight',
      runs_on: 'laptop',
      after: [],
      hosts: ['kvm-host'],
      expect_seconds: 10,
    },
    {
      id: UPLOAD_STAGE,
      title: 'Upload',
      runs_on: 'laptop',
      after: [PREFLIGHT_STAGE],
      hosts: ['kvm-host'],
      expect_seconds: 20,
      leaves: 'What was sent stays on the KVM host; the next upload goes on from there.',
    },
  ];
  const whole = withDefaults(stack, site);
  const wanted = stack.stages.filter((stage) => matchesWhen(stage, whole));
  return [
    ...own,
    ...wanted.map((stage) => {
      const reason = whenReason(stage) + leftOutReason(stage, whole);
      return { ...planStage(stage, presentBefore(stack, wanted, stage), names), reason };
    }),
  ];
}

/** What a stage comes after; where one of those is left out of the plan, what that one would have come after. */
function presentBefore(stack: Stack, wanted: readonly StackStage[], stage: StackStage): string[] {
  const found = (stage.after ?? []).flatMap((id) => {
    if (wanted.some((other) => other.id === id)) return [id];
    const leftOut = stack.stages.find((other) => other.id === id);
    return leftOut === undefined ? [] : presentBefore(stack, wanted, leftOut);
  });
  return [...new Set(found)];
}

function planStage(stage: StackStage, after: readonly string[], names: PlanNames): PlannedStage {
  const hosts = stage.runs_on === 'kvm-host' ? ['kvm-host'] : [names.deploymentVm, ...names.targets];
  return {
    id: stage.id,
    title: stage.title,
    runs_on: stage.runs_on,
    playbook: stage.playbook,
    after: after.length > 0 ? after : [UPLOAD_STAGE],
    hosts,
    ...limitsOf(stage),
  };
}

function limitsOf(stage: StackStage): Partial<PlannedStage> {
  const { expect_seconds, soft_timeout_seconds, hard_timeout_seconds } = stage;
  const { on_host_failure, resume, acceptance, leaves } = stage;
  return {
    ...(expect_seconds === undefined ? {} : { expect_seconds }),
    ...(soft_timeout_seconds === undefined ? {} : { soft_timeout_seconds }),
    ...(hard_timeout_seconds === undefined ? {} : { hard_timeout_seconds }),
    ...(on_host_failure === undefined ? {} : { on_host_failure }),
    ...(resume === undefined ? {} : { resume }),
    ...(acceptance === undefined ? {} : { acceptance }),
    ...(leaves === undefined ? {} : { leaves }),
    ...(stage.logs_in_to === undefined ? {} : { logs_in_to: stage.logs_in_to }),
  };
}

/** The site with what its stack takes for parameters that it leaves out, as far as the stack says so. */
export function withDefaults(stack: Pick<Stack, 'parameters'>, site: unknown): unknown {
  const properties = valueAt(stack.parameters, 'properties');
  if (typeof site !== 'object' || site === null || typeof properties !== 'object' || properties === null)
    return site;
  const defaults = Object.entries(properties).flatMap(([name, schema]) => {
    const value = valueAt(schema, 'default');
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...site, parameters: { ...Object.fromEntries(defaults), ...parametersOf(site) } };
}

function parametersOf(site: object): object {
  const found = valueAt(site, 'parameters');
  return typeof found === 'object' && found !== null ? found : {};
}

/** True when every dotted path of `when` has the value, or one of the values, named; no `when` means always. */
export function matchesWhen(stage: StackStage, site: unknown): boolean {
  return Object.entries(stage.when ?? {}).every(([path, wanted]) => holds(wanted, valueAt(site, path)));
}

type Wanted = NonNullable<StackStage['when']>[string];

/** Whether a value is the one wanted, or one of them. */
export function holds(wanted: Wanted, value: unknown): boolean {
  return Array.isArray(wanted) ? wanted.some((one) => one === value) : wanted === value;
}

/** Why a stage is part of the plan, by its `when`. */
export function whenReason(stage: StackStage): string {
  const conditions = Object.entries(stage.when ?? {});
  if (conditions.length === 0) return 'always part of this stack';
  return conditions.map(([path, wanted]) => `${path} is ${wordWanted(wanted)}`).join(' and ');
}

/** Which servers a stage leaves out while nothing can be tried from them, and who tries them then. */
function leftOutReason({ leaves_out: out }: StackStage, site: unknown): string {
  const named = out === undefined ? undefined : valueAt(site, out.hosts);
  if (out === undefined || !Array.isArray(named) || named.length === 0) return '';
  const hosts = named.length > MOST_NAMED ? `the ${named.length} servers of ${out.hosts}` : named.join(', ');
  return `; without ${hosts} while there is no operating system, which stage ${out.tried_by} tries then`;
}

/** The value wanted as a person reads it; of several `one or other`. */
export function wordWanted(wanted: Wanted): string {
  return Array.isArray(wanted) ? wanted.map(String).join(' or ') : String(wanted);
}

/** The value at a dotted path of the site file, as `when` names it. */
export function valueAt(data: unknown, path: string): unknown {
  let value = data;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
