import { describe, expect, it } from 'vitest';
import type { DiscoverResult } from '../../src/contract/hardware.ts';
import type { HostCompat } from '../../src/contract/profile.ts';
import { cablingNote, compatNote, discoveryNote } from '../../renderer/wizard/model/step-note.ts';

const document = { hosts: [{ name: 'node-1' }, { name: 'node-2' }] };
const machine = (host: string | undefined, ok: boolean): DiscoverResult['machines'][number] => ({
  ...(host === undefined ? {} : { host }),
  bmc: `https://10.20.1.1`,
  ok,
});
const result = (rest: Partial<DiscoverResult>): DiscoverResult => ({
  at: '2026-11-21T02:04:05Z',
  machines: [],
  findings: [],
  ...rest,
});
const host = (status: HostCompat['status']): HostCompat => ({
  host: 'node-1',
  status,
  reason: '',
  checks: [],
});

describe('the line under a step', () => {
  it('counts the hosts of the site file: a stranger is not one of them, a host that was not tried is', () => {
    const machines = [machine('node-1', true), machine(undefined, true)];
    expect(discoveryNote(result({ machines }), document)).toEqual({
      status: 'warning',
      line: '1 of 2 found',
    });
    const all = [machine('node-1', true), machine('node-2', true)];
    expect(discoveryNote(result({ machines: all }), document).status).toBe('ok');
    expect(discoveryNote(null, document).status).toBe('pending');
  });

  it('tells of cables that are wrong, not of those that are merely not known', () => {
    const finding = { host: 'node-1', message: '' };
    const unknown = { ...finding, severity: 'note', code: 'cable.unknown' } as const;
    const swapped = { ...finding, severity: 'error', code: 'cable.swapped' } as const;
    expect(cablingNote(result({ findings: [unknown] })).status).toBe('ok');
    expect(cablingNote(result({ findings: [unknown, swapped] }))).toEqual({
      status: 'warning',
      line: '1 finding',
    });
  });

  it('does not call a host fit of which nothing is known, nor unfit', () => {
    expect(compatNote({ hosts: [host('pass')] }).status).toBe('ok');
    expect(compatNote({ hosts: [host('pass'), host('unknown')] })).toEqual({
      status: 'warning',
      line: '1 of 2 hosts not known',
    });
    expect(compatNote({ hosts: [host('fail'), host('unknown')] }).status).toBe('error');
  });
});
