import type { RunEvent } from '../../src/contract/events.ts';
import type { Machines } from './machines.ts';

/** One event that ansible-runner left on a machine, as far as it must be told. */
interface LeftEvent {
  readonly stage: string;
  readonly attempt: number;
  readonly counter: number;
  /** `kind task host item` as the journal should tell it; empty where nothing of it is told. */
  readonly tells: string;
}

/** Reads the event files themselves, apart from the product's own reader, which is what is on trial. */
const READER = `
import glob, json, os, sys
KINDS = {"playbook_on_play_start": "play.started", "playbook_on_task_start": "task.started",
         "playbook_on_handler_task_start": "task.started", "playbook_on_cleanup_task_start": "task.started",
         "runner_retry": "task.progress", "runner_on_async_poll": "task.progress"}
for name in ("ok", "failed", "skipped", "unreachable"):
    KINDS["runner_on_" + name] = KINDS["runner_item_on_" + name] = "host.result"
KINDS["runner_on_async_ok"] = "host.result"
for path in glob.glob("/var/lib/bringup/runs/RUN/*/*/artifacts/*/job_events/*.json"):
    words = path.split("/")
    stage, attempt = words[6], int(words[7])
    counter = words[-1].split("-")[0]
    if "partial" in words[-1] or not counter.isdigit():
        continue
    try:
        with open(path) as stream:
            event = json.load(stream)
    except ValueError:
        print(json.dumps({"stage": stage, "attempt": attempt, "counter": int(counter), "tells": "unreadable"}))
        continue
    kind, data = KINDS.get(event["event"], ""), event.get("event_data") or {}
    if kind and kind != "play.started":
        kind = " ".join([kind, data.get("task_uuid", ""), "" if kind == "task.started" else data.get("host", "")])
    print(json.dumps({"stage": stage, "attempt": attempt, "counter": int(counter), "tells": kind}))
`;

async function leftOn(
  machines: Machines,
  machine: 'kvm-host' | 'deployment-vm',
  run: string,
): Promise<LeftEvent[]> {
  const script = READER.replace('RUN', run);
  const text = await machines.on(machine, `python3 - <<'BRINGUP_READER'\n${script}\nBRINGUP_READER`);
  const events = text.split('\n').filter(Boolean);
  return events
    .map((line) => JSON.parse(line) as LeftEvent)
    .sort((left, right) => left.counter - right.counter);
}

/**
 * Compares a journal with what ansible-runner left on the machines: every event that has to be told is told once and in
 * its order. Gives one sentence for each thing that is wrong. Where a machine lost its power, its disk may have lost the
 * last events, which the journal then has alone.
 */
export async function compareWithRunner(
  machines: Machines,
  run: string,
  events: readonly RunEvent[],
  powerLost = false,
): Promise<string[]> {
  const journal = byAttempt(events);
  const machine = new Map<string, LeftEvent[]>();
  for (const where of ['kvm-host', 'deployment-vm'] as const) {
    const found = await leftOn(machines, where, run).catch((error: unknown) => {
      if (where === 'kvm-host' || journal.has('network-services 1')) throw error;
      return [];
    });
    for (const event of found) {
      const key = `${event.stage} ${event.attempt}`;
      machine.set(key, [...(machine.get(key) ?? []), event]);
    }
  }
  const wrong: string[] = [];
  const good = endedWell(events);
  for (const key of new Set([...machine.keys(), ...journal.keys()])) {
    const told = journal.get(key) ?? [];
    const left = machine.get(key) ?? [];
    const wanted = left.filter(({ tells }) => tells !== '' && tells !== 'unreadable');
    const lost = new Set(left.filter(({ tells }) => tells === 'unreadable').map(({ counter }) => counter));
    const last = left.at(-1)?.counter ?? 0;
    // An attempt that ended well had its machine to the end.
    const mayLack = powerLost && good.get(key) !== true;
    if (lost.size > 0 && !mayLack) wrong.push(`${key}: ${lost.size} event files cannot be read`);
    const mine = told.filter(
      ({ counter, tells }) => !(mayLack && (counter > last || lost.has(counter))) && tells !== 'rescued',
    );
    const text = (list: readonly Told[]): string[] => list.map(({ counter, tells }) => `${counter} ${tells}`);
    const difference = firstDifference(text(wanted), text(mine));
    if (difference !== null) wrong.push(`${key}: ${difference}`);
  }
  return wrong;
}

interface Told {
  readonly counter: number;
  readonly tells: string;
}

/** What the journal tells of runner events, by stage and attempt, in its own order. */
function byAttempt(events: readonly RunEvent[]): Map<string, Told[]> {
  const attempts = new Map<string, number>();
  const found = new Map<string, Told[]>();
  for (const event of events) {
    if (event.kind === 'stage.started') attempts.set(event.stage, event.attempt ?? 1);
    if (!('counter' in event) || event.counter === undefined) continue;
    const key = `${event.stage} ${attempts.get(event.stage) ?? 0}`;
    found.set(key, [...(found.get(key) ?? []), { counter: event.counter, tells: tells(event) }]);
  }
  return found;
}

function endedWell(events: readonly RunEvent[]): Map<string, boolean> {
  const attempts = new Map<string, number>();
  const good = new Map<string, boolean>();
  for (const event of events) {
    if (event.kind === 'stage.started') attempts.set(event.stage, event.attempt ?? 1);
    if (event.kind !== 'stage.finished') continue;
    good.set(`${event.stage} ${attempts.get(event.stage) ?? 0}`, ['ok', 'changed'].includes(event.status));
  }
  return good;
}

function tells(event: RunEvent): string {
  if (event.kind === 'play.started') return event.kind;
  if (event.kind === 'task.started') return `${event.kind} ${event.task} `;
  if (event.kind === 'task.progress') return `${event.kind} ${event.task} ${event.host ?? ''}`;
  if (event.kind !== 'host.result') return event.kind;
  if (event.text?.startsWith('rescued: ') === true) return 'rescued';
  return `${event.kind} ${event.task} ${event.host}`;
}

function firstDifference(wanted: readonly string[], told: readonly string[]): string | null {
  for (let index = 0; index < Math.max(wanted.length, told.length); index += 1) {
    if (wanted[index] === told[index]) continue;
    const names = [wanted[index] ?? 'its end', told[index] ?? 'its end'];
    return `event ${index + 1} of ${wanted.length} is ${names[0]} on the machine and ${names[1]} in the journal`;
  }
  return null;
}
