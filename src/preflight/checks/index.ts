import type { Check } from '../types.ts';
import { forwarding, login, sudo } from './access.ts';
import { storage, work } from './disk.ts';
import { bridge, firmware, libvirt } from './libvirt.ts';
import { ansible, tools } from './software.ts';
import { clock, cpu, memory, os } from './system.ts';
import { virtualization } from './virtualization.ts';

/** All checks in the order in which they are told. */
export const CHECKS: readonly Check[] = [
  login,
  sudo,
  forwarding,
  os,
  cpu,
  memory,
  storage,
  work,
  libvirt,
  bridge,
  firmware,
  tools,
  ansible,
  clock,
  virtualization,
];
