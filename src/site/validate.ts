import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ipaddr from 'ipaddr.js';
import { SiteSchema } from './schema/site.ts';

let compiled: ValidateFunction | undefined;

/** Compiled at its first use: most commands read no site file, and need not wait for it. */
function validator(): ValidateFunction {
  if (compiled !== undefined) return compiled;
  const ajv = new Ajv2020({ allErrors: true, strict: false, useDefaults: true, verbose: true });
  ajv.addFormat('ipv4', (text: string) => ipaddr.IPv4.isValidFourPartDecimal(text));
  compiled = ajv.compile(SiteSchema);
  return compiled;
}

/** Everything in which the data breaks the schema; fills the schema's defaults into the data on the way. */
export function validateSite(data: unknown): ErrorObject[] {
  const validate = validator();
  return validate(data) ? [] : (validate.errors ?? []).filter((error) => error.keyword !== 'if');
}
