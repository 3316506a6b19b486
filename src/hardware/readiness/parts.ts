import { type Draft, enumerate, repair, type Seen } from './finding.ts';

/** Power supplies that do not carry: failed ones, those without input, and a machine that runs on its last one. */
export function checkPower({ snapshot }: Seen): Draft[] {
  const supplies = snapshot.power_supplies;
  const present = supplies.filter((supply) => supply.present);
  const findings = present
    .filter((supply) => supply.health === 'Critical' || supply.health === 'Warning')
    .map((supply): Draft => ({
      severity: supply.health === 'Critical' ? 'error' : 'warning',
      code: 'hw.power_supply_failed',
      message: `Power supply ${supply.id} is ${supply.health}${supply.input_volts === 0 ? ' and has no input voltage' : ''}; the machine runs without its reserve.`,
      seen: supply.health,
      wanted: 'OK',
      repair: repair(`Check the power cable of ${supply.name}, then replace the power supply.`),
    }));
  if (present.length === 1 && supplies.length > 1)
    findings.push({
      severity: 'warning',
      code: 'hw.power_supply_missing',
      message: `Only one of ${supplies.length} power supplies is plugged in.`,
      seen: '1',
      wanted: String(supplies.length),
      repair: repair('Plug in the second power supply, or accept a machine without reserve.'),
    });
  return findings;
}

/** Disks that failed or announce it. */
export function checkDisks({ snapshot }: Seen): Draft[] {
  return snapshot.disks
    .filter(
      (disk) => disk.health === 'Critical' || disk.health === 'Warning' || disk.failure_predicted === true,
    )
    .map((disk) => {
      const where = disk.location === undefined ? '' : ` (${disk.location})`;
      return {
        severity: disk.health === 'Critical' ? 'error' : 'warning',
        code: 'hw.disk_failed',
        message:
          disk.failure_predicted === true
            ? `Disk ${disk.id}${where} announces its failure.`
            : `Disk ${disk.id}${where} is ${disk.health}.`,
        seen: disk.health,
        wanted: 'OK',
        repair: repair(
          `Replace disk ${disk.id}${disk.serial === undefined ? '' : `, serial number ${disk.serial}`}.`,
        ),
      };
    });
}

/** Memory modules that failed. */
export function checkMemory({ snapshot }: Seen): Draft[] {
  return snapshot.memory.dimms
    .filter((dimm) => dimm.health === 'Critical' || dimm.health === 'Warning')
    .map((dimm) => ({
      severity: dimm.health === 'Critical' ? 'error' : 'warning',
      code: 'hw.memory_failed',
      message: `Memory module ${dimm.slot} (${dimm.size_gib} GiB) is ${dimm.health}.`,
      seen: dimm.health,
      wanted: 'OK',
      repair: repair(`Reseat memory module ${dimm.slot}; replace it if that does not help.`),
    }));
}

/** Problems that have a check of their own. */
const CHECKED = /^(disk|memory|power supply) /;

/** What else makes the machine less than healthy. */
export function checkHealth({ snapshot }: Seen): Draft[] {
  const others = snapshot.health_problems.filter((problem) => !CHECKED.test(problem));
  if (others.length === 0) return [];
  const critical = others.some((problem) => problem.includes('Critical'));
  return [
    {
      severity: critical ? 'error' : 'warning',
      code: critical ? 'hw.health_critical' : 'hw.health_warning',
      message: `The BMC reports ${enumerate(others)}.`,
      seen: others.join(', '),
      wanted: 'OK',
      repair: repair("Read the BMC's event log for the reason and have the part replaced."),
    },
  ];
}

/** What is no fault but changes what a run will meet, and what could not be looked at. */
export function checkState({ snapshot }: Seen): Draft[] {
  const findings: Draft[] = [];
  if (snapshot.power_state === 'Off')
    findings.push({
      severity: 'note',
      code: 'hw.power_off',
      message: 'The host is off; link states, neighbours and some parts are as the BMC last saw them.',
      seen: 'Off',
    });
  if (snapshot.boot.secure_boot === true)
    findings.push({
      severity: 'note',
      code: 'hw.secure_boot_on',
      message: 'Secure Boot is on; only signed boot loaders and kernels start.',
      seen: 'on',
    });
  if (snapshot.gaps.length > 0) {
    const what = enumerate([...new Set(snapshot.gaps.map((gap) => gap.what))]);
    findings.push({
      severity: 'note',
      code: 'bmc.partly_read',
      message: `The BMC did not tell everything; incomplete: ${what}.`,
      seen: snapshot.gaps.map((gap) => `${gap.uri}: ${gap.reason}`).join('\n'),
    });
  }
  return findings;
}
