import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { pathOf } from '../explain.ts';
import { quoted, spoken, type Finding, type Path } from '../finding.ts';
import { suggest } from '../suggest.ts';
import { error, type SiteCheck } from './check.ts';

/** The parameters are those of the stack, with values its schema allows. */
export const parametersFit: SiteCheck = {
  id: 'parameters-fit',
  *find(site, { stack }) {
    if (stack?.parameters === undefined) return;
    const validate = new Ajv2020({ allErrors: true, strict: false, verbose: true }).compile(stack.parameters);
    if (validate(site.parameters ?? {})) return;
    for (const fault of validate.errors ?? []) {
      // What is wrong with the branch of an if is told by its own faults.
      if (fault.keyword !== 'if') yield explain(fault, stack.stack);
    }
  },
};

function explain(fault: ErrorObject, stack: string): Finding {
  const path: Path = ['parameters', ...pathOf(fault.instancePath)];
  if (fault.keyword === 'additionalProperties') {
    const name = String((fault.params as { additionalProperty: unknown }).additionalProperty);
    const known = Object.keys((fault.parentSchema?.['properties'] as object | undefined) ?? {});
    const meant = suggest(name, known);
    const hint = meant === undefined ? `Its parameters are: ${known.join(', ')}.` : `Did you mean ${meant}?`;
    const message = `The stack ${stack} has no parameter ${name}.`;
    return { ...error('SITE_UNKNOWN_PARAMETER', [...path, name], message, hint), at: 'key' };
  }
  const message = `${spoken(path)} ${fault.message ?? 'is wrong'}, but is ${quoted(fault.data)}.`;
  return error('SITE_PARAMETER', path, message, `See the parameters with: bringup stacks show ${stack}`);
}
