import { describe, expect, it } from 'vitest';
import { bootSector, bootSectorForPrintf } from '../../src/preflight/boot-sector.ts';

describe('boot sector', () => {
  it('is one bootable sector with its text where the program looks for it', () => {
    const sector = bootSector();
    expect(sector).toHaveLength(512);
    expect([...sector.slice(510)]).toEqual([0x55, 0xaa]);
    const view = new DataView(sector.buffer);
    const find = (...bytes: number[]): number =>
      sector.findIndex((_, at) => bytes.every((byte, index) => sector[at + index] === byte));
    const lea = find(0x48, 0x8d, 0x35);
    const textAt = lea + 7 + view.getInt32(lea + 3, true);
    expect(new TextDecoder().decode(sector.slice(textAt, textAt + 9))).toBe('BRINGUP\n\0');
    const register = view.getUint16(find(0x0f, 0x01, 0x16) + 3, true) - 0x7c00;
    const segments = view.getUint32(register + 2, true) - 0x7c00;
    expect(view.getUint16(register, true)).toBe(15);
    expect(sector[segments + 8 + 5]).toBe(0x9a);
    const jump = find(0xea);
    expect(view.getUint16(jump + 1, true) - 0x7c00).toBe(jump + 5);
    expect(bootSectorForPrintf()).toMatch(/^(\\[0-3][0-7]{2}){512}$/);
  });
});
