import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { PlannedStage } from '../contract/events.ts';
import { suggest, type NormalisedSite } from '../site/index.ts';
import type { RehearsalPort } from './rehearsal-port.ts';
import { bareHosts } from './rehearsal-words.ts';
import type { LoadedSite } from './site.ts';

const closed = { additionalProperties: false } as const;
const Text = Type.String({ minLength: 1 });

const ResultEntry = Type.Object(
  {
    task: Text,
    // Ansible's name of the module that says it: the codes of Bringup's own modules count.
    module: Type.Optional(Text),
    on: Type.Union([
      Type.Literal('kvm-host'),
      Type.Literal('deployment-vm'),
      // The host that was named, else the first of the site file that the stage has.
      Type.Literal('target'),
      Type.Literal('targets'),
    ]),
    status: Type.Union([Type.Literal('ok'), Type.Literal('failed'), Type.Literal('unreachable')]),
    res: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
);

const CellEntry = Type.Object(
  {
    // Name of the machine that tells it, or each that tells such a cell.
    from: Text,
    to: Type.Optional(Text),
    probe: Text,
    status: Type.Union([Type.Literal('warn'), Type.Literal('failed'), Type.Literal('not-tried')]),
    seen: Text,
    wanted: Type.Optional(Text),
  },
  closed,
);

const FaultEntry = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    title: Text,
    stage: Text,
    on_host: Type.Optional(Type.Boolean()),
    bmc: Type.Optional(
      Type.Union(
        (
          [
            ...['busy', 'certificate-changed', 'certificate-expired', 'host-off', 'silent', 'wrong-password'],
          ] as const
        ).map((word) => Type.Literal(word)),
      ),
    ),
    connection: Type.Optional(
      Type.Object({ code: Text, message: Text, hint: Text, evidence: Type.String() }, closed),
    ),
    facts: Type.Optional(Type.Record(Type.String(), Type.String())),
    clock_seconds: Type.Optional(Type.Number()),
    image: Type.Optional(Type.Literal('damaged')),
    results: Type.Optional(Type.Array(ResultEntry)),
    cells: Type.Optional(Type.Array(CellEntry)),
  },
  closed,
);

/** A fault as assets/rehearsal/faults.yaml has it: who meets it and what is seen then. */
export type FaultEntry = Static<typeof FaultEntry>;
export type FaultResult = Static<typeof ResultEntry>;
export type FaultCell = Static<typeof CellEntry>;

/** A fault of one rehearsal, with the host it is put into where that makes a difference. */
export interface PlacedFault {
  readonly entry: FaultEntry;
  readonly host?: string;
}

/** Reads the faults that Bringup carries with it. */
export async function readFaults(port: RehearsalPort): Promise<readonly FaultEntry[]> {
  const file = path.join(port.assets, 'faults.yaml');
  const found: unknown = parse(await readFile(file, 'utf8'));
  if (Value.Check(Type.Array(FaultEntry), found)) return found;
  const [first] = Value.Errors(Type.Array(FaultEntry), found);
  throw new Error(`${file} is not a list of faults: ${first?.instancePath ?? ''} ${first?.message ?? ''}`);
}

/**
 * Id of the stage that meets a fault. What is wrong with a server that has no operating system yet shows where it is tried
 * after it was installed.
 */
export function stageOfFault({ entry, host }: PlacedFault, { site, stack }: LoadedSite): string {
  const later = stack.stages.find(({ id }) => id === entry.stage)?.leaves_out?.tried_by;
  const isOfServer = entry.results?.some(({ on }) => on === 'target' || on === 'targets') === true;
  if (later === undefined || !isOfServer) return entry.stage;
  const bare = bareHosts(site).map(({ name }) => name);
  const [first = ''] = [
    ...site.hosts.map(({ name }) => name).filter((name) => !bare.includes(name)),
    ...bare,
  ];
  return bare.includes(host ?? first) ? later : entry.stage;
}

/** True where a rehearsal can show the fault: something is told of it, and its stage can be played. */
export function isPlayable(entry: FaultEntry, recorded: ReadonlySet<string>): boolean {
  const { bmc, connection, facts, clock_seconds: clock, image, results } = entry;
  if (results !== undefined) return recorded.has(entry.stage);
  return [bmc, connection, facts, clock, image].some((effect) => effect !== undefined);
}

/** Finds the faults asked for, `NAME` or `NAME:HOST`. Throws REHEARSAL_FAULT with what would be right. */
export function placeFaults(
  wanted: readonly string[],
  known: readonly FaultEntry[],
  recorded: ReadonlySet<string>,
  site: NormalisedSite,
  stages: readonly PlannedStage[],
): readonly PlacedFault[] {
  const names = known.map(({ name }) => name);
  const hosts = site.hosts.map((host) => host.name);
  return wanted.map((word) => {
    const [name = '', host] = word.split(/:(.*)/s);
    const entry = known.find((fault) => fault.name === name);
    if (entry === undefined)
      throw wrong(
        `There is no fault ${name}.`,
        meant(name, names, 'See them with: bringup rehearse --list-faults'),
      );
    if (!isPlayable(entry, recorded))
      throw wrong(
        `The fault ${name} cannot be rehearsed yet: there is no recording of stage ${entry.stage}.`,
        'See those that can with: bringup rehearse --list-faults',
      );
    if (!stages.some(({ id }) => id === entry.stage))
      throw wrong(
        `The fault ${name} shows in stage ${entry.stage}, which this site file leaves out.`,
        'Choose another fault, or plan the stage in the site file.',
      );
    if (host === undefined) return { entry };
    if (entry.on_host !== true)
      throw wrong(
        `The fault ${name} is not one of a single host.`,
        `Write it without a host: --fault ${name}`,
      );
    if (!hosts.includes(host))
      throw wrong(
        `The site file has no host ${host} for the fault ${name}.`,
        meant(host, hosts, `Its hosts are: ${hosts.join(', ')}.`),
      );
    return { entry, host };
  });
}

function meant(word: string, among: readonly string[], otherwise: string): string {
  const near = suggest(word, among);
  return near === undefined ? otherwise : `Did you mean ${near}?`;
}

function wrong(message: string, hint: string): BringupError {
  return new BringupError({ code: 'REHEARSAL_FAULT', exit: EXIT.invalid, message, hint });
}
