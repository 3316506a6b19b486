/** What a switch calls its ports: the spellings of one family name the same port when the numbers agree. */
interface Family {
  readonly name: string;
  readonly spellings: readonly string[];
}

/** Spellings by family, lower case. Any family not listed stands for itself. */
const FAMILIES: readonly Family[] = [
  // Systems whose ports carry no speed in their names: Arista, NX-OS, SONiC, OS10, Cumulus, and bare numbers.
  { name: 'port', spellings: ['ethernet', 'eth', 'et', 'e', 'swp', 'port', 'p', 'lan', ''] },
  { name: 'fast', spellings: ['fastethernet', 'fa', 'fas'] },
  { name: 'gigabit', spellings: ['gigabitethernet', 'gige', 'gi', 'gig', 'ge'] },
  { name: 'two-gigabit', spellings: ['twogigabitethernet', 'tw'] },
  { name: 'five-gigabit', spellings: ['fivegigabitethernet', 'fi'] },
  {
    name: 'ten-gigabit',
    spellings: ['tengigabitethernet', 'ten-gigabitethernet', 'tengige', 'te', 'ten', 'xge', 'tengig'],
  },
  {
    name: 'twenty-five-gigabit',
    spellings: ['twentyfivegigabitethernet', 'twentyfivegige', 'twenty-fivegige', 'twe', '25ge', 'wge', 'tf'],
  },
  { name: 'forty-gigabit', spellings: ['fortygigabitethernet', 'fortygige', 'fo', 'fge', '40ge'] },
  { name: 'fifty-gigabit', spellings: ['fiftygigabitethernet', 'fiftygige', 'fi50', '50ge'] },
  {
    name: 'hundred-gigabit',
    spellings: ['hundredgigabitethernet', 'hundredgige', 'hu', 'hun', 'hge', '100ge'],
  },
  {
    name: 'four-hundred-gigabit',
    spellings: ['fourhundredgigabitethernet', 'fourhundredgige', 'fh', '400ge'],
  },
  { name: 'management', spellings: ['management', 'mgmt', 'ma'] },
];

const FAMILY_OF = new Map(
  FAMILIES.flatMap(({ name, spellings }) => spellings.map((spelling) => [spelling, name] as const)),
);

/** A port's name as family and numbers: `Eth1/1`, `Ethernet1/1` and `swp1/1` are one, `Gi1/1` and `Te1/1` are two. */
export function portKey(name: string): string {
  const plain = name.trim().toLowerCase();
  // Speeds such as 25GE stand before the port's own numbers.
  const match = /^((?:\d+ge|[a-z][a-z-]*?)?-?)\s*(\d[\d/:.]*)$/.exec(plain.replace(/\s+/g, ''));
  if (match === null) return plain;
  const [, prefix = '', numbers = ''] = match;
  // Junos puts a dash between type and numbers (xe-0/0/1); its types are families of their own.
  const family = prefix.endsWith('-') ? prefix : (FAMILY_OF.get(prefix) ?? prefix);
  return `${family} ${numbers.replace(/\d+/g, (digits) => String(Number(digits)))}`;
}

/** A switch's name without the domain and in lower case; addresses stay whole. */
export function switchKey(name: string): string {
  const plain = name.trim().toLowerCase().replace(/\.$/, '');
  if (isMac(plain)) return plain.replaceAll('-', ':');
  return /^[\d.]+$/.test(plain) || plain.includes(':') ? plain : plain.replace(/\..*$/, '');
}

/** Whether a name is a MAC address, which no one writes in a plan. */
export function isMac(name: string): boolean {
  return /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(name.trim());
}

/** A planned end of a cable. `leaf1:Ethernet1`; without a colon only the port is planned. */
export interface PlannedPort {
  readonly text: string;
  /** Comparable form, see switchKey. */
  readonly switch?: string;
  /** Comparable form, see portKey. */
  readonly port: string;
}

/** Reads `switch:port`; the switch may be a MAC address and the port may have colons of its own (breakouts). */
export function parseSwitchPort(text: string): PlannedPort {
  const plain = text.trim();
  const mac = /^([0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}):(.+)$/i.exec(plain);
  const match = mac ?? /^([^:]+):(.+)$/.exec(plain);
  return match === null
    ? { text: plain, port: portKey(plain) }
    : { text: plain, switch: switchKey(match[1] ?? ''), port: portKey(match[2] ?? '') };
}
