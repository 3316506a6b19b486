/** Text as BMCs pad it, without the padding; empty and "unknown" count as not told. */
export function told(text: string | undefined): string | undefined {
  const plain = text?.trim();
  return plain === undefined || plain === '' || (plain.length === 7 && plain.toLowerCase() === 'unknown')
    ? undefined
    : plain;
}

/** A number of which zero means that the BMC did not tell it: no machine has 0 processors. */
export function positive(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 || Number.isNaN(value) ? undefined : value;
}

/** One name for each architecture, whatever Redfish (`x86-64`, `ARM-A64`), uname or Go call it. */
export function architecture(text: string | undefined): string | undefined {
  const plain = told(text)?.toLowerCase().replaceAll('_', '-');
  if (plain === undefined) return undefined;
  if (['x86-64', 'x64', 'amd64', 'em64t'].includes(plain)) return 'x86_64';
  return ['arm-a64', 'arm64', 'aarch64'].includes(plain) ? 'aarch64' : plain;
}
