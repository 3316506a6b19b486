import fc from 'fast-check';

const SPECIAL = [
  ...'[]{}:,-?*&!|>%@`"\'#\n\t ',
  ...['<<: ', '---\n', '*a', '&a ', '~', 'null', '0x1', '1e9', '.inf', '\r\n', '\uFEFF', '__proto__: '],
];

/** A text with one to four pieces of it replaced by what YAML gives a meaning; `words` are put in as well. */
export function spoiled(good: string, words: readonly string[] = []): fc.Arbitrary<string> {
  const text = fc.oneof(fc.constantFrom(...SPECIAL, ...words), fc.string({ maxLength: 4 }));
  const edit = fc.record({ at: fc.nat(good.length), gone: fc.nat(12), text });
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) =>
      edits.reduce((now, { at, gone, text: put }) => now.slice(0, at) + put + now.slice(at + gone), good),
    );
}
