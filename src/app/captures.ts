import path from 'node:path';
import { BringupError, EXIT, toErrorData } from '../contract/errors.ts';
import type { DiscoveredMachine, DiscoverResult } from '../contract/hardware.ts';
import type { Clock } from '../contract/ports.ts';
import { assignHosts, createCaptureReader, readSnapshot } from '../hardware/index.ts';
import { readText } from './read-text.ts';
import { cablingOf, readinessOf } from './hardware-checks.ts';
import type { LoadedSite } from './site.ts';

/**
 * What a discovery would have found where BMCs answered as in these files, one JSON map `{uri: resource}` each. The
 * machines get their names when a site file is given. Clocks are not compared: the answers are of another day.
 */
export async function readCaptures(
  files: readonly string[],
  loaded: LoadedSite | undefined,
  clock: Clock,
): Promise<DiscoverResult> {
  const found = await Promise.all(files.map((file) => readCapture(file, clock)));
  const hosts = loaded?.site.hosts;
  const { machines, findings } =
    hosts === undefined ? { machines: found, findings: [] } : assignHosts(hosts, found);
  const checks = [
    ...readinessOf(machines, clock.now()),
    ...(hosts === undefined ? [] : cablingOf(hosts)(machines)),
  ];
  const rank = { error: 0, warning: 1, note: 2 };
  return {
    ...(loaded === undefined ? {} : { site: loaded.site.site.name }),
    at: clock.now().toISOString(),
    machines,
    findings: [...findings, ...checks].sort((a, b) => rank[a.severity] - rank[b.severity]),
  };
}

async function readCapture(file: string, clock: Clock): Promise<DiscoveredMachine> {
  const bmc = `capture:${path.basename(file)}`;
  const resources = parseCapture(await readText(file, 'The capture'), file);
  try {
    const snapshot = await readSnapshot(createCaptureReader(resources), {
      address: bmc,
      now: () => clock.now(),
    });
    const { time: _time, clock_offset_seconds: _offset, ...facts } = snapshot.bmc;
    return { bmc, ok: true, snapshot: { ...snapshot, bmc: facts } };
  } catch (thrown) {
    return { bmc, ok: false, error: toErrorData(thrown) };
  }
}

function parseCapture(text: string, file: string): Readonly<Record<string, unknown>> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = undefined;
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data))
    return data as Record<string, unknown>;
  throw new BringupError({
    code: 'CAPTURE_INVALID',
    exit: EXIT.invalid,
    message: `${file} is not a capture.`,
    hint: 'A capture is one JSON object: each URI of the BMC with the resource it answered.',
  });
}
