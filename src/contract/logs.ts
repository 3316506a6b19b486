/** Severities of syslog (RFC 5424, 6.2.1) as rsyslog writes them, the worst first. */
export const LOG_SEVERITIES = [
  'emerg',
  'alert',
  'crit',
  'err',
  'warning',
  'notice',
  'info',
  'debug',
] as const;

export type LogSeverity = (typeof LOG_SEVERITIES)[number];

/** What kind of sender: `service` is the deployment VM, `bringup` what Ansible printed in a stage, `other` an unknown address. */
export const LOG_SOURCES = ['host', 'kvm-host', 'bmc', 'ome', 'service', 'bringup', 'other'] as const;

export type LogSource = (typeof LOG_SOURCES)[number];

/** One message of the central logs. `at` is when it came, `sent` what the sender's clock said; both ISO 8601. */
export interface LogRecord {
  /** Where it stands in the store: the same message has the same id in every answer. */
  readonly id: string;
  readonly at: string;
  readonly sent: string;
  /** The sender's name by its address in the site file, or the address. */
  readonly host: string;
  readonly from: string;
  readonly source: LogSource;
  readonly facility: string;
  readonly severity: string;
  readonly program: string;
  readonly text: string;
  /** Characters of the whole text, where it was cut. */
  readonly cut?: number;
}

/** Where a page ended; the answer to a question with it begins there. */
export type LogPlace = readonly [at: string, sender: string, place: number];

/** What is looked for in the central logs of a site. Times are ISO 8601 with their zone, `since` and `until` included. */
export interface LogQuestion {
  readonly file: string;
  readonly host?: string;
  readonly source?: LogSource;
  /** This severity and those that are worse. */
  readonly severity?: LogSeverity;
  readonly program?: string;
  /** Looked for in program and text, in any case. */
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
  readonly before?: LogPlace;
  /** Messages in the answer, 1 to 1000; 200 when left out. */
  readonly limit?: number;
  /** A name by which `logs.cancel` finds this search. */
  readonly name?: string;
}

/** A machine that may have sent messages. */
export interface LogSender {
  readonly host: string;
  readonly source: LogSource;
}

/** One page of the central logs, newest first. */
export interface LogPage {
  /** Name of the site. */
  readonly site: string;
  readonly records: readonly LogRecord[];
  /** There may be older ones: ask again with `before`. */
  readonly more: boolean;
  readonly before?: LogPlace;
  /** How far it was looked back (ISO 8601), where there may be more; a search is given up after some seconds. */
  readonly back_to?: string;
  /** The machines of the site file. */
  readonly senders: readonly LogSender[];
}
