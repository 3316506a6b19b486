import { BringupError } from '../contract/errors.ts';
import type { ProbeResult, ProbeRow, VantagePoint } from '../contract/vantage.ts';
import type { NormalisedSite } from '../site/index.ts';
import type { Collect } from './actions.ts';
import { askBmc } from './ask-bmc.ts';
import { collectHere } from './collect-here.ts';
import { destinationLabel, destinationText, type Destination } from './destination.ts';
import { judge } from './judge.ts';
import { inTime, openPoint, type PointPorts } from './open-point.ts';
import { probesFor, type Probe } from './plan.ts';
import { placeAt, planPoints, type PlannedPoint } from './points.ts';
import { judgeMatrix } from './verdict.ts';

/** Seconds for all of it. */
const OVERALL_SECONDS = 18;

/**
 * Tries to reach the destination from every vantage point at once, within 20 s, and says which leg is broken. Rejects only
 * with CANCELLED: a point that cannot be asked is a row that says why. Changes nothing anywhere.
 */
export async function runProbes(
  site: NormalisedSite,
  destination: Destination,
  ports: PointPorts,
  signal?: AbortSignal,
): Promise<ProbeResult> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  signal?.addEventListener('abort', onAbort);
  const timer = setTimeout(onAbort, OVERALL_SECONDS * 1000);
  try {
    const planned = await locate(planPoints(site, destination), destination, site);
    const run = { site, destination, ports, signal: stop.signal, planned };
    const asked = await Promise.all(planned.map((point) => ask(point, run)));
    if (signal?.aborted === true) throw cancelled();
    const points = asked.map(({ point: { machine: _machine, ...point } }): VantagePoint => point);
    const matrix = asked.flatMap(({ rows }) => rows);
    return {
      site: site.site.name,
      destination: destinationText(destination),
      label: destinationLabel(destination),
      points,
      matrix,
      verdict: judgeMatrix(points, matrix, destination),
    };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    stop.abort();
  }
}

interface Run {
  readonly site: NormalisedSite;
  readonly destination: Destination;
  readonly ports: PointPorts;
  readonly signal: AbortSignal;
  readonly planned: readonly PlannedPoint[];
}

interface Asked {
  readonly point: PlannedPoint;
  readonly rows: readonly ProbeRow[];
}

/** The laptop's own address, which the others are to reach back, is known once its routing table was asked. */
async function locate(
  points: readonly PlannedPoint[],
  { host }: Destination,
  site: NormalisedSite,
): Promise<readonly PlannedPoint[]> {
  let source: string | undefined;
  const onRaw: Parameters<Collect>[1] = (_index, raw) => (source = raw.source);
  await collectHere([{ do: 'route', host }], onRaw, new AbortController().signal);
  return points.map((point) =>
    point.kind === 'laptop' && source !== undefined ? { ...point, ...placeAt(site, source) } : point,
  );
}

async function ask(point: PlannedPoint, run: Run): Promise<Asked> {
  const to = destinationText(run.destination);
  const notAsked = (text: string): ProbeRow => ({
    from: point.id,
    to,
    check: 'service',
    status: 'not-asked',
    text,
  });
  try {
    return point.kind === 'bmc' ? await askTheBmc(point, run) : await askPoint(point, run, notAsked);
  } catch (thrown) {
    // A fault in one point's answers must not cost the others'.
    return { point, rows: [notAsked(thrown instanceof Error ? thrown.message : String(thrown))] };
  }
}

async function askPoint(point: PlannedPoint, run: Run, notAsked: (text: string) => ProbeRow): Promise<Asked> {
  const { site, destination, signal } = run;
  const others = run.planned.filter(({ id, kind }) => id !== point.id && kind !== 'bmc');
  const probes = probesFor(point, destination, site, others);
  const route = { do: 'route', host: destination.host } as const;
  const raws = new Map<number, Parameters<Parameters<Collect>[1]>[1]>();
  const { collect, close } = await openPoint(point, run.ports, signal);
  let broken: string | undefined;
  try {
    await collect(
      [route, ...probes.map(({ action }) => action)],
      (index, raw) => raws.set(index, raw),
      signal,
    );
  } catch (thrown) {
    // What was known before the link broke still counts.
    broken = signal.aborted
      ? 'there was no time left'
      : String(thrown instanceof Error ? thrown.message : thrown);
  } finally {
    close();
  }
  const routed = raws.get(0);
  const rows = probes.flatMap((probe, index) => {
    const raw = raws.get(index + 1);
    const seen = raw && judge(probe, raw, destination, routed?.source !== undefined);
    if (seen === undefined) return [];
    return [{ from: point.id, to: nameRow(probe, raw?.gateway), check: probe.check, ...seen }];
  });
  const place = routed?.source === undefined || point.itself === true ? {} : placeAt(site, routed.source);
  if (rows.some(({ check }) => check === 'service')) return { point: { ...point, ...place }, rows };
  return { point: { ...point, ...place }, rows: [...rows, notAsked(broken ?? 'it did not answer in time')] };
}

function nameRow(probe: Probe, gateway: string | undefined): string {
  return probe.check === 'gateway' ? `${gateway ?? ''}/ping` : probe.to;
}

async function askTheBmc(point: PlannedPoint, { ports, signal }: Run): Promise<Asked> {
  const host = point.machine?.host;
  if (host === undefined) throw new Error('the site file names no BMC');
  const client = await inTime(ports.bmc(host, signal), signal, (late) => void late.close());
  try {
    const answers = await inTime(askBmc(client, host.name, point.machine?.mac), signal);
    return { point, rows: answers.map((row) => ({ from: point.id, ...row })) };
  } finally {
    // Logging out may take as long as the BMC likes.
    void client.close();
  }
}

function cancelled(): BringupError {
  return new BringupError({ code: 'CANCELLED', message: 'Cancelled: probing.', exit: 4 });
}
