import cliTruncate from 'cli-truncate';
import { pc } from './colors.ts';
import stringWidth from 'string-width';
import type { Status } from '../../src/contract/events.ts';
import type { RunState, StageState, TaskState } from '../../src/runs/state.ts';
import { clock, glyph, paint, progressText } from './format.ts';

const GOOD: ReadonlySet<Status> = new Set(['ok', 'changed', 'skipped', 'overridden']);

/** The run as a tree of at most `height` lines of `width` columns; the running stage is open, its newest task last. */
export function renderTree(state: RunState, now: number, width: number, height = 40): string[] {
  const stages = [...state.stages.values()];
  const done = stages.filter((stage) => GOOD.has(stage.status) && stage.started !== undefined).length;
  const lines = [
    spread(
      `${pc.bold(state.site)} ${pc.dim(state.stack)}`,
      `${done} of ${stages.length} stages done  ${clock((now - Date.parse(state.started)) / 1000)}`,
      width,
    ),
  ];
  for (const stage of stages) {
    lines.push(stageLine(stage, stages, now, width));
    for (const { text } of stage.warnings) lines.push(fit(pc.yellow(`  ! ${text}`), width));
    if (stage.status === 'running' || !GOOD.has(stage.status)) lines.push(...taskLines(stage, now, width));
  }
  return lines.length <= height ? lines : [...lines.slice(0, 1), ...lines.slice(lines.length - height + 1)];
}

function stageLine(stage: StageState, all: readonly StageState[], now: number, width: number): string {
  const title = stage.status === 'pending' ? pc.dim(stage.title) : pc.bold(stage.title);
  const attempt = stage.attempt > 1 ? pc.dim(` (attempt ${stage.attempt})`) : '';
  const words = stageWords(stage, all);
  return spread(
    `${glyph(stage.status)} ${title}${attempt}  ${paint(stage.status, words)}`,
    stageTime(stage, now),
    width,
  );
}

function stageWords(stage: StageState, all: readonly StageState[]): string {
  if (stage.status !== 'pending')
    return stage.text === undefined ? stage.status : `${stage.status}, ${stage.text}`;
  const waits = all.filter((other) => stage.after.includes(other.id) && !GOOD.has(other.status));
  return waits.length === 0 ? 'pending' : `waits for ${waits.map((other) => other.title).join(', ')}`;
}

function stageTime(stage: StageState, now: number): string {
  const expected = stage.expect_seconds === undefined ? '' : `of ${clock(stage.expect_seconds)}`;
  if (stage.started === undefined) return pc.dim(stage.status === 'pending' ? expected : '');
  const end = stage.finished === undefined ? now : Date.parse(stage.finished);
  return `${clock((end - Date.parse(stage.started)) / 1000)} ${pc.dim(expected)}`.trimEnd();
}

function taskLines(stage: StageState, now: number, width: number): string[] {
  const tasks = [...stage.tasks.values()];
  if (stage.status === 'running') {
    const last = tasks.at(-1);
    return last === undefined ? [] : taskBlock(last, now, width);
  }
  return tasks.filter(isFailed).flatMap((task) => taskBlock(task, now, width));
}

function isFailed(task: TaskState): boolean {
  return [...task.hosts.values()].some((host) => host.status === 'failed' || host.status === 'unreachable');
}

function taskBlock(task: TaskState, now: number, width: number): string[] {
  const bar = pc.dim('  │ ');
  const lines = [
    spread(`${bar}${task.title}`, pc.dim(clock((now - Date.parse(task.started)) / 1000)), width),
  ];
  if (task.progress !== undefined) {
    const detail = task.progress.progress === undefined ? '' : `  ${progressText(task.progress.progress)}`;
    lines.push(fit(`${bar}${pc.dim(task.progress.text)}${detail}`, width));
  }
  for (const [host, result] of task.hosts) {
    if (GOOD.has(result.status)) continue;
    lines.push(fit(`${bar}${glyph(result.status)} ${host}: ${result.text ?? result.status}`, width));
  }
  return lines;
}

function fit(text: string, width: number): string {
  return cliTruncate(text, width);
}

function spread(left: string, right: string, width: number): string {
  const room = width - stringWidth(right) - 2;
  const cut = cliTruncate(left, Math.max(10, room));
  return cut + ' '.repeat(Math.max(1, width - stringWidth(cut) - stringWidth(right))) + right;
}
