import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import ipaddr from 'ipaddr.js';
import { SiteSchema } from './schema/site.ts';

const ajv = new Ajv2020({ allErrors: true, strict: false, useDefaults: true, verbose: true });
ajv.addFormat('ipv4', (text: string) => ipaddr.IPv4.isValidFourPartDecimal(text));
const validate = ajv.compile(SiteSchema);

/** Everything in which the data breaks the schema; fills the schema's defaults into the data on the way. */
export function validateSite(data: unknown): ErrorObject[] {
  return validate(data) ? [] : (validate.errors ?? []).filter((error) => error.keyword !== 'if');
}
