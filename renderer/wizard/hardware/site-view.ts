import { valueAt } from '../model/paths.ts';
import type { Json, SiteModel } from '../types.ts';

type Fields = Readonly<Record<string, Json>>;

/** One interface of a host as the site file plans it. */
export interface PlannedInterface {
  readonly name: string;
  readonly mac?: string;
  readonly network?: string;
  readonly switch_port?: string;
}

/** A host as the site file names it; what is missing or of another form is left out. `index` is its place in `hosts`. */
export interface SiteHost {
  readonly index: number;
  readonly name: string;
  readonly serial?: string;
  readonly roles: readonly string[];
  readonly profile: string;
  readonly profileReason?: string;
  /** As discovery dials it: `https://10.20.1.11`. */
  readonly bmc?: string;
  readonly credential?: string;
  readonly interfaces: readonly PlannedInterface[];
}

/** A value of the document as an object; empty where it is none. */
export function fieldsOf(value: Json | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Text of a scalar, undefined for anything else. */
export function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The hosts of a site file, in its order; an entry without a name cannot be spoken of and is left out. */
export function siteHosts(document: SiteModel['document']): SiteHost[] {
  return listOf(valueAt(document, ['hosts'])).flatMap((entry, index) => {
    const host = fieldsOf(entry);
    const name = textOf(host['name']);
    return name === undefined ? [] : [{ index, name, ...restOf(host) }];
  });
}

function restOf(host: Fields): Omit<SiteHost, 'index' | 'name'> {
  const bmc = fieldsOf(host['bmc']);
  const address = textOf(bmc['address']);
  const port = textOf(bmc['port']) ?? '443';
  return {
    ...given({
      serial: textOf(host['serial']),
      profileReason: textOf(host['profile_reason']),
      bmc: address && `https://${address}${port === '443' ? '' : `:${port}`}`,
      credential: textOf(bmc['credential']),
    }),
    profile: textOf(host['profile']) ?? 'auto',
    roles: listOf(host['roles']).flatMap((role) => textOf(role) ?? []),
    interfaces: listOf(host['interfaces']).map((entry) => {
      const fields = fieldsOf(entry);
      return {
        name: textOf(fields['name']) ?? '',
        ...given({
          mac: textOf(fields['mac']),
          network: textOf(fields['network']),
          switch_port: textOf(fields['switch_port']),
        }),
      };
    }),
  };
}

function given<T extends Record<string, string | undefined>>(fields: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
