import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { BringupError, EXIT } from '../contract/errors.ts';
import { StackSchema, type Stack } from './schema.ts';

const validate = new Ajv2020({ allErrors: true, strict: false }).compile<Stack>(StackSchema);

/** Reads one stack.yaml. Throws BringupError STACK_INVALID naming the file and every fault found in it. */
export function parseStack(text: string, file: string): Stack {
  let data: unknown;
  try {
    data = parse(text, { maxAliasCount: 50 });
  } catch (cause) {
    throw invalid(file, [cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)]);
  }
  if (!validate(data)) {
    throw invalid(
      file,
      (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? 'is wrong'}`),
    );
  }
  const faults = graphFaults(data);
  if (faults.length > 0) throw invalid(file, faults);
  return data;
}

function graphFaults(stack: Stack): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const stage of stack.stages) {
    if (seen.has(stage.id)) faults.push(`stage ${stage.id} is listed twice`);
    for (const before of stage.after ?? []) {
      if (!seen.has(before))
        faults.push(`stage ${stage.id} comes after ${before}, which is not listed before it`);
    }
    const later = stage.leaves_out?.tried_by;
    if (later !== undefined && !stack.stages.some(({ id }) => id === later))
      faults.push(`stage ${stage.id} leaves hosts to ${later}, which is not listed`);
    seen.add(stage.id);
  }
  return faults;
}

function invalid(file: string, faults: readonly string[]): BringupError {
  return new BringupError({
    code: 'STACK_INVALID',
    exit: EXIT.invalid,
    message: `The stack file ${file} is not valid: ${faults[0] ?? 'unknown fault'}.`,
    hint: 'Correct the stack file; its format is described in docs/stacks/README.md.',
    evidence: faults.map((text) => ({ source: file, text })),
  });
}
