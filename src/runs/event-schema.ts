import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { Type, type TSchema } from 'typebox';
import type { EventKind } from '../contract/events.ts';

const Text = Type.String();
const Status = Type.Union(
  (
    [
      ...['pending', 'running', 'ok', 'changed', 'skipped', 'failed'],
      ...['unreachable', 'timed-out', 'cancelled', 'stale', 'overridden'],
    ] as const
  ).map((status) => Type.Literal(status)),
);
const Stage = Type.Object({
  id: Text,
  title: Text,
  runs_on: Text,
  after: Type.Array(Text),
  hosts: Type.Array(Text),
});
const Stale = Type.Object({ stage: Text, why: Text });
const Counter = Type.Optional(Type.Integer({ minimum: 1 }));
const Cell = Type.Object({
  ...{ from: Text, probe: Text, seen: Text },
  status: Type.Union((['ok', 'warn', 'failed', 'not-tried'] as const).map((status) => Type.Literal(status))),
  ...{ to: Type.Optional(Text), at: Type.Optional(Text), wanted: Type.Optional(Text) },
});
const Failure = Type.Object({
  reference: Text,
  what: Text,
  where: Type.Object({ stage: Text, runs_on: Text }),
  why: Type.Object({ key: Type.Union([Text, Type.Null()]), summary: Text }),
  fixes: Type.Array(Type.Object({ title: Text })),
  request: Text,
});

/** What a line of each kind must hold; more fields are allowed, so that older readers open newer journals. */
const BODIES: Readonly<Record<EventKind, Readonly<Record<string, TSchema>>>> = {
  'run.started': {
    ...{ site: Text, stack: Text, site_file: Text, version: Text },
    schema: Type.Integer({ minimum: 1 }),
    stages: Type.Array(Stage),
  },
  'stage.started': {
    stage: Text,
    attempt: Type.Optional(Type.Integer({ minimum: 1 })),
    continued: Type.Optional(Type.Boolean()),
  },
  'stage.warning': { stage: Text, code: Text, text: Text },
  'play.started': { stage: Text, play: Text, counter: Counter },
  'task.started': { stage: Text, task: Text, title: Text, counter: Counter },
  'task.progress': { stage: Text, task: Text, text: Text, counter: Counter },
  'host.result': {
    ...{ stage: Text, task: Text, host: Text, status: Status, counter: Counter },
    cells: Type.Optional(Type.Array(Cell)),
  },
  'stage.finished': { stage: Text, status: Status, failed_hosts: Type.Optional(Type.Array(Text)) },
  failure: { stage: Text, record: Failure, early: Type.Optional(Type.Literal(true)) },
  'run.interrupted': { reason: Text },
  'run.resumed': {
    reason: Text,
    stages: Type.Optional(Type.Array(Stage)),
    stale: Type.Optional(Type.Array(Stale)),
  },
  'run.finished': { status: Status, text: Text },
};

const ajv = new Ajv2020({ strict: false });
const validators = new Map<string, ValidateFunction>();

/** Says what is wrong with a parsed journal line, or null where it is a run event. */
export function findEventFault(value: unknown): string | null {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(BODIES, kind)) return 'it is not a run event';
  let validate = validators.get(kind);
  if (validate === undefined) {
    const head = { seq: Type.Integer({ minimum: 1 }), at: Text, run: Text };
    validate = ajv.compile(Type.Object({ ...head, ...BODIES[kind as EventKind] }));
    validators.set(kind, validate);
  }
  if (validate(value)) return null;
  const [error] = validate.errors ?? [];
  return `${error?.instancePath ?? ''} ${error?.message ?? 'is wrong'}`.trim();
}
