const URL = /\b(https?):\/\/(\[[\w:.]{2,60}\]|[\w.-]{1,253})(?::(\d{1,5}))?(?:\/[^\s'"<>),;]{0,400})?/;
const HOST_PORT = /host='([\w.-]{1,253})', port=(\d{1,5})/;
const ADDRESS =
  /(?<![\d.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\d.]*\d)(?::(\d{1,5})\b)?/g;

/** Address, port and URL that a line names, for the texts of causes whose pattern does not name them itself. */
export function lineValues(line: string): Record<string, string> {
  const [whole, scheme, host, port] = URL.exec(line) ?? [];
  if (whole !== undefined && host !== undefined) {
    return {
      url: whole.replace(/[.:]+$/, ''),
      address: host,
      port: port ?? (scheme === 'https' ? '443' : '80'),
    };
  }
  const [, name, number] = HOST_PORT.exec(line) ?? [];
  if (name !== undefined && number !== undefined) return { address: name, port: number };
  return onlyAddress(line);
}

/** The one address of a line; with two of them nothing tells which is meant. */
function onlyAddress(line: string): Record<string, string> {
  const found = [...line.matchAll(ADDRESS)];
  const addresses = new Set(found.map(([text]) => text.replace(/:\d+$/, '')));
  const [address] = addresses;
  const port = found.find(([, number]) => number !== undefined)?.[1];
  if (address === undefined || addresses.size > 1) return {};
  return port === undefined ? { address } : { address, port };
}
