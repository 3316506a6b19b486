import type { HardwareFinding } from '../../contract/hardware.ts';

const ORDER = { error: 0, warning: 1, note: 2 } as const;

/** Errors first, then by host (node-2 before node-10), otherwise as they came; those of no host last. */
export function sortFindings(findings: readonly HardwareFinding[]): readonly HardwareFinding[] {
  return [...findings].sort(
    (one, other) => ORDER[one.severity] - ORDER[other.severity] || byHost(one.host, other.host),
  );
}

function byHost(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  return one.localeCompare(other, 'en', { numeric: true });
}
