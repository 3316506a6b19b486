import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PLAYBOOKS, runCommand } from './playbooks-ansible.ts';

/** An iDRAC's registry with its dependencies, told while SysProfile was PerfOptimized; it is no part of the repository. */
const CAPTURE = fileURLToPath(new URL('../../../shared/redfish/dell-poweredge-r750.json', import.meta.url));
const PROGRAM = `
import json, sys
import ansible.module_utils
ansible.module_utils.__path__.append(sys.argv[1])
from ansible.module_utils.bringup_bios import judge
from ansible.module_utils.bringup_bios_locks import dependencies_of
bios = "/redfish/v1/Systems/System.Embedded.1/Bios"
capture = json.load(open(sys.argv[2], encoding="utf-8"))
entries = capture[bios + "/BiosRegistry"]["RegistryEntries"]
registry = {one["AttributeName"]: one for one in entries["Attributes"]}
seen = capture[bios]["Attributes"]
print(json.dumps([judge(wanted, seen, registry, dependencies_of(entries)) for wanted in json.loads(sys.argv[3])]))
`;

it.skipIf(!existsSync(CAPTURE))(
  'knows of a real registry what has to be set first, what follows by itself and what is in the way (the capture is not part of the repository)',
  async () => {
    const wanted = [
      { SysProfile: 'Custom', ProcPwrPerf: 'OsDbpm', ProcTurboMode: 'Enabled' },
      { SysProfile: 'PerfPerWattOptimizedDapc', ProcPwrPerf: 'SysDbpm' },
      { SysProfile: 'PerfPerWattOptimizedDapc', ProcPwrPerf: 'OsDbpm' },
      { ProcPwrPerf: 'OsDbpm' },
      { ProcPwrPerf: 'MaxPerf', SystemModelName: 'Other' },
    ];
    const args = ['-B', '-c', PROGRAM, `${PLAYBOOKS}/module_utils`, CAPTURE, JSON.stringify(wanted)];
    const { stdout, stderr } = await runCommand('python3', args);
    const [master, follows, both, alone, fixed] = JSON.parse(stdout || stderr) as readonly object[];
    expect(master).toEqual({
      ...{ refused: [], changes: { SysProfile: 'Custom' }, follows: [] },
      later: { ProcPwrPerf: 'it cannot be set while SysProfile is not Custom' },
    });
    expect(follows).toEqual({
      ...{ refused: [], changes: { SysProfile: 'PerfPerWattOptimizedDapc' }, later: {} },
      follows: ['ProcPwrPerf'],
    });
    const why = 'it cannot be set while SysProfile is not Custom';
    const name = { name: 'ProcPwrPerf', wanted: 'OsDbpm' };
    expect(both).toMatchObject({
      refused: [{ ...name, why: `${why}, as the profile wants too; remove one of the two` }],
    });
    expect(alone).toMatchObject({
      refused: [{ ...name, why: `${why}, let the profile set SysProfile as well` }],
      changes: {},
    });
    expect(fixed).toMatchObject({
      refused: [{ name: 'SystemModelName', why: 'it can only be read' }],
      changes: {},
    });
  },
);
