/** Name of a new run: sorts by time and says whose it is, e.g. `20261121-020405-plant7-3f2a`; `salt` is 4 hex digits. */
export function nameRun(site: string, at: Date, salt: string): string {
  const digits = at.toISOString().replaceAll(/\D/g, '');
  const word = site.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${word.slice(0, 20) || 'site'}-${salt}`;
}
