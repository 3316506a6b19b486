/**
 * A disk of one sector whose guest goes through real mode into 64-bit mode with paging, counts for a while, says BRINGUP on
 * its first serial port and resets, which ends `qemu -no-reboot`. Real mode alone proves nothing: KVM emulates it
 * instruction by instruction, also where the processor then never executes a guest's 64-bit code.
 */
const PROGRAM: readonly (readonly [bytes: string, meaning: string])[] = [
  ['fa', 'cli'],
  ['31 c0', 'xor ax, ax'],
  ['8e d8', 'mov ds, ax'],
  ['8e c0', 'mov es, ax'],
  ['8e d0', 'mov ss, ax'],
  ['bc 00 7c', 'mov sp, 0x7c00'],
  ['66 bf 00 10 00 00', 'mov edi, 0x1000          ; page tables at 0x1000, 0x2000, 0x3000: zeroed'],
  ['66 31 c0', 'xor eax, eax'],
  ['66 b9 00 0c 00 00', 'mov ecx, 0x0c00'],
  ['fc', 'cld'],
  ['66 f3 ab', 'rep stosd'],
  ['66 c7 06 00 10 03 20 00 00', 'mov dword [0x1000], 0x2003 ; level 4 points to level 3'],
  ['66 c7 06 00 20 03 30 00 00', 'mov dword [0x2000], 0x3003 ; level 3 points to level 2'],
  ['66 c7 06 00 30 83 00 00 00', 'mov dword [0x3000], 0x0083 ; one page of 2 MiB from address 0'],
  ['66 b8 20 00 00 00', 'mov eax, 0x20            ; physical address extension'],
  ['0f 22 e0', 'mov cr4, eax'],
  ['66 b8 00 10 00 00', 'mov eax, 0x1000'],
  ['0f 22 d8', 'mov cr3, eax'],
  ['66 b9 80 00 00 c0', 'mov ecx, 0xc0000080      ; register EFER, long mode'],
  ['0f 32', 'rdmsr'],
  ['66 0d 00 01 00 00', 'or eax, 0x100'],
  ['0f 30', 'wrmsr'],
  ['0f 01 16 b0 7c', 'lgdt [0x7cb0]'],
  ['66 b8 01 00 00 80', 'mov eax, 0x80000001      ; protection and paging on'],
  ['0f 22 c0', 'mov cr0, eax'],
  ['ea 6f 7c 08 00', 'jmp 8:0x7c6f             ; 64-bit code from here'],
  ['b9 00 00 00 01', 'mov ecx, 0x1000000       ; sixteen million rounds'],
  ['ff c9', 'spin: dec ecx'],
  ['75 fc', 'jnz spin'],
  ['48 8d 35 13 00 00 00', 'lea rsi, [rip + 0x13]     ; the text, at offset 0x92'],
  ['66 ba f8 03', 'mov dx, 0x3f8            ; COM1'],
  ['ac', 'next: lodsb'],
  ['84 c0', 'test al, al'],
  ['74 03', 'jz done'],
  ['ee', 'out dx, al'],
  ['eb f8', 'jmp next'],
  ['b0 fe', 'done: mov al, 0xfe'],
  ['e6 64', 'out 0x64, al             ; the keyboard controller pulses the reset line'],
  ['f4', 'wait: hlt'],
  ['eb fd', 'jmp wait'],
];

/** Where the text, the segment table and the operand of `lgdt` lie in the sector, which is loaded at 0x7c00. */
const TEXT_AT = 0x92;
const SEGMENTS_AT = 0xa0;
const SEGMENT_REGISTER_AT = 0xb0;
/** An empty segment, and one of 64-bit code that is present and may be executed and read. */
const SEGMENTS = '00 00 00 00 00 00 00 00 00 00 00 00 00 9a 20 00';
/** Size of the segment table less one, and its address 0x7ca0. */
const SEGMENT_REGISTER = '0f 00 a0 7c 00 00';

/** What the guest prints. */
export const GUEST_TEXT = 'BRINGUP';

/** The 512 bytes. */
export function bootSector(): Uint8Array {
  const sector = new Uint8Array(512);
  sector.set(PROGRAM.flatMap(([bytes]) => fromHex(bytes)));
  sector.set(new TextEncoder().encode(`${GUEST_TEXT}\n\0`), TEXT_AT);
  sector.set(fromHex(SEGMENTS), SEGMENTS_AT);
  sector.set(fromHex(SEGMENT_REGISTER), SEGMENT_REGISTER_AT);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** The sector as a format string for the shell's `printf`, which knows octal everywhere. */
export function bootSectorForPrintf(): string {
  return [...bootSector()].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

function fromHex(text: string): number[] {
  return text.split(' ').map((byte) => Number.parseInt(byte, 16));
}
