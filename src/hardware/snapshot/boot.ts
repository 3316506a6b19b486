import type { HardwareSnapshot } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import { at, compact, firstText, flag, idOf, link, list, text } from './values.ts';

type Boot = HardwareSnapshot['boot'];

/** Boot order with the names of its entries, Secure Boot and the one-time override. */
export async function readBoot(collector: Collector, system: Resource): Promise<Omit<Boot, 'mode'>> {
  const boot = at(system, 'Boot');
  const order = list(at(boot, 'BootOrder'))
    .map((entry) => text(entry))
    .filter((entry) => entry !== undefined);
  const [options, secure] = await Promise.all([
    order.length === 0 ? [] : collector.members('boot order', link(at(boot, 'BootOptions'))),
    collector.resource('Secure Boot', link(at(system, 'SecureBoot'))),
  ]);
  const names = new Map(options.map((option) => [referenceOf(option), nameOf(option)]));
  return compact({
    secure_boot: flag(at(secure, 'SecureBootCurrentBoot')) ?? flag(at(secure, 'SecureBootEnable')),
    order: order.map((id) => ({ id, name: names.get(id.toLowerCase()) ?? id })),
    override: {
      enabled: OVERRIDES.find((word) => word === text(at(boot, 'BootSourceOverrideEnabled'))) ?? 'Disabled',
      target: text(at(boot, 'BootSourceOverrideTarget')) ?? 'None',
    },
  });
}

const OVERRIDES = ['Disabled', 'Once', 'Continuous'] as const;

/** BIOS attributes that hold the boot mode, by name; makers add suffixes. */
const MODE_ATTRIBUTES =
  /^(BootMode|BootModes_SystemBootMode|BootModeSelect|BootMode_?Select\w*|SystemBootMode)(_[0-9A-F]{4})?$/i;

/** UEFI or Legacy as the BIOS is set; the mode of the override where no attribute tells. */
export function bootMode(system: Resource, attributes: HardwareSnapshot['bios']['attributes']): Boot['mode'] {
  const attribute = Object.entries(attributes).find(([name]) => MODE_ATTRIBUTES.test(name))?.[1];
  const word = firstText(attribute, at(system, 'Boot', 'BootSourceOverrideMode')) ?? '';
  if (/^uefi/i.test(word)) return 'UEFI';
  return /^(legacy|bios)/i.test(word) ? 'Legacy' : undefined;
}

function referenceOf(option: Resource): string {
  return (text(at(option, 'BootOptionReference')) ?? idOf(option)).toLowerCase();
}

function nameOf(option: Resource): string {
  return firstText(at(option, 'DisplayName'), at(option, 'Name')) ?? idOf(option);
}
