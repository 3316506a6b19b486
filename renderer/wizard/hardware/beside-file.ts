/** A chosen file as the site file names it: by its path from the site file's folder where it lies in there, else whole. */
export function besideFile(siteFile: string, chosen: string): string {
  const folder = siteFile.slice(0, Math.max(siteFile.lastIndexOf('/'), siteFile.lastIndexOf('\\')) + 1);
  const inside = folder !== '' && chosen.startsWith(folder);
  return inside ? chosen.slice(folder.length).replaceAll('\\', '/') : chosen;
}
