/**
 * Fills `{name}` and `{name|words if it is not known}` in a text of the catalogue. `{name|}` is left out, with the space
 * before it, where there is no value; a plain `{name}` without a value stays as it is written, so that it is seen.
 */
export function fill(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(
    /( ?)\{(\w+)(?:\|([^{}]*))?\}/g,
    (whole, space: string, name: string, otherwise: string | undefined) => {
      const value = values[name];
      if (value !== undefined) return space + value;
      if (otherwise === '') return '';
      return otherwise === undefined ? whole : space + otherwise;
    },
  );
}
