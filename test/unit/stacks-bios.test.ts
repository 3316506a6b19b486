import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseStack, resolvePlan } from '../../src/stacks/index.ts';
import { changed, problemsOf, siteOf } from './site-example.ts';

const FILE = new URL('../../playbooks/stacks/dell-rke2/stack.yaml', import.meta.url);
const STACK = parseStack(readFileSync(FILE, 'utf8'), 'stack.yaml');
const OME = 'ome: {mode: existing, address: 10.20.1.40, credential: ome}';

/** What is wrong with these parameters. */
function faultsOf(parameters: string): readonly string[] {
  const text = changed('hosts:', `parameters: {${parameters}}\nhosts:`);
  return problemsOf(text, { stack: STACK }).filter((problem) => problem.includes('SITE_PARAMETER'));
}

describe('the parameters of the stage bios', () => {
  it.each([
    'bios: {via: direct, reboot: staged}',
    `${OME}, bios: {via: ome, reference: node-1, wave_size: 5}`,
  ])('may be %s', (parameters) => {
    expect(faultsOf(parameters)).toEqual([]);
  });

  it('want OpenManage Enterprise in the site file where it is to set the BIOS', () => {
    expect(faultsOf('bios: {via: ome}')).toEqual([
      expect.stringContaining("parameters must have required property 'ome'"),
    ]);
  });

  it('do not leave the restart to somebody else where OpenManage Enterprise makes it', () => {
    expect(faultsOf(`${OME}, bios: {via: ome, reboot: staged}`)).toEqual([
      expect.stringContaining('parameters.bios.reboot must be equal to one of the allowed values'),
    ]);
  });

  it.each(['direct', 'ome'])('plan it, with the way %s', (via) => {
    const site = siteOf(changed('hosts:', `parameters: {${OME}, bios: {via: ${via}}}\nhosts:`));
    const { stages } = resolvePlan(STACK, site);
    expect(stages.map(({ id }) => id)).toEqual(expect.arrayContaining(['ome-discovery', 'bios']));
  });
});
