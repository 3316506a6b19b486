import type { LogSeverity, LogSource } from '../../src/contract/logs.ts';
import type { LogRange } from '../logs/filter.ts';

const SOURCES: Record<LogSource, string> = {
  host: 'host',
  'kvm-host': 'KVM host',
  bmc: 'BMC',
  ome: 'OME',
  service: 'deployment VM',
  bringup: 'stage output',
  other: 'unknown sender',
};

const SEVERITIES: Record<LogSeverity, string> = {
  emerg: 'emergency',
  alert: 'alert',
  crit: 'critical',
  err: 'error',
  warning: 'warning',
  notice: 'notice',
  info: 'info',
  debug: 'debug',
};

const RANGES: Record<Exclude<LogRange, 'between'>, string> = {
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  all: 'Any time',
};

/** Every English sentence of the page of central logs. */
export const logText = {
  title: 'Central logs',
  open: 'Central logs',
  openOf: (site: string): string => `Central logs of ${site}`,
  around: (host: string | undefined): string =>
    host === undefined || host.includes(',')
      ? 'Central logs around this time'
      : `Logs of ${host} around this time`,

  source: (source: LogSource): string => SOURCES[source],
  severity: (severity: string): string => SEVERITIES[severity as LogSeverity] ?? severity,
  range: (range: Exclude<LogRange, 'between'>): string => RANGES[range],
  between: (from: string, to: string): string => `${from} to ${to}`,

  filters: 'What is shown',
  host: 'Sender',
  anyHost: 'Any sender',
  kind: 'Kind of sender',
  anySource: 'Any kind',
  severityAtLeast: 'Severity',
  anySeverity: 'Any severity',
  orWorse: (name: string): string => (name === 'emergency' ? name : `${name} and worse`),
  when: 'Time',
  search: 'Text in program or message',
  searchHint: 'e.g. link down',
  showAll: 'Show everything',

  follow: 'Follow',
  pause: 'Pause',
  following: 'Following',
  paused: 'Paused',
  fixed: 'A time that is over',
  reading: 'Asking the deployment VM',
  noContact: 'No answer now',
  noLogs: 'No central logs here',
  newest: (time: string): string => `newest ${time}`,
  nothingYet: 'no message yet',
  tryingAgain: 'trying again',

  columns: { time: 'Time', severity: 'Severity', host: 'Sender', program: 'Program', text: 'Message' },
  list: 'Messages, newest first',
  option: (severity: string, host: string, program: string, text: string): string =>
    `${severity}, ${host}${program === '' ? '' : `, ${program}`}: ${text}`,
  shown: (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'message' : 'messages'} shown`,
  newAbove: (n: number): string => `${n.toLocaleString('en')} new above`,
  lookedBack: (time: string): string => `Looked back to ${time}.`,
  older: 'Look further back',
  lookingFurther: 'Looking further back',
  oldest: 'This is the oldest message that is kept and fits.',
  none: 'No message fits.',
  noneYet: 'The central logs hold no message yet.',
  noneSoFar: (time: string): string => `Nothing fits back to ${time}.`,
  tryAgain: 'Try again',
  openSite: 'Open site file',

  choose: 'Choose a message to see it whole.',
  keys: 'Arrow keys go from message to message, Home goes to the newest.',
  message: 'Message',
  cut: (whole: number): string => `The first 8,192 of ${whole.toLocaleString('en')} characters.`,
  came: 'Came',
  sent: 'Sent',
  off: (seconds: number): string =>
    `the sender's clock is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead'}`,
  from: 'Address',
  program: 'Program',
  facility: 'Facility',
  copy: 'Copy message',
  onlyHost: (host: string): string => `Only ${host}`,
  aroundIt: 'All senders around this time',
};
