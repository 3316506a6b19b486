/**
 * JSON with sorted names and no white space, so that equal data is equal text; what is undefined is left out. Python makes the
 * same of it by `json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  // Written by hand, because an object puts names such as 10 first, whatever their order.
  const fields = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => `${JSON.stringify(name)}:${canonicalJson(one)}`);
  return `{${fields.join(',')}}`;
}
