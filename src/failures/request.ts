import type { FailureRecord, Owner } from '../contract/failure.ts';
import type { RunNames } from './input.ts';

const OWNER_WORDS: Readonly<Record<Owner, string>> = {
  'field-engineer': 'the field engineer',
  'customer-network': "the customer's network team",
  'customer-it': "the customer's IT",
  vendor: 'the hardware vendor',
  software: 'the Bringup developers',
};

/** Writes the copy-ready text for the owner; `opening` may name {site}, {stage}, {task}, {host}, {reference}, {what}. */
export function writeRequest(
  record: Omit<FailureRecord, 'request'>,
  names: RunNames,
  opening?: string,
): string {
  const { where, why, owner, fixes } = record;
  const values: Readonly<Record<string, string | undefined>> = {
    ...{ site: names.site, run: names.run, reference: record.reference, what: record.what },
    ...{ stage: where.stage, task: where.task, host: where.host },
  };
  const first = opening?.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole).trim();
  const place = [
    `stage ${where.stage}, carried out on ${where.runs_on}`,
    where.task === undefined ? '' : `task "${where.task}"`,
    where.host === undefined ? '' : `host ${where.host}`,
    where.file === undefined ? '' : `${where.file}${where.line === undefined ? '' : `:${where.line}`}`,
  ];
  const lines = [
    `Site ${names.site}, failure ${record.reference}, run ${names.run}, ${names.at}, Bringup ${names.version}`,
    ...(owner === null ? [] : [`For ${OWNER_WORDS[owner]}`]),
    '',
    ...(first === undefined ? [] : [first, '']),
    `What: ${record.what}`,
    `Where: ${place.filter((part) => part !== '').join(', ')}`,
    `Why: ${why.summary}${why.key === null ? '' : ` (${why.key})`}`,
    ...(fixes.length === 0 ? [] : ['What helps:', ...fixes.map(fixLine)]),
    ...why.evidence.flatMap(({ source, text }) => ['', `${source}:`, ...text.split('\n').map(indent)]),
  ];
  return `${lines.join('\n')}\n`;
}

function fixLine(fix: { readonly title: string; readonly command?: string }): string {
  return fix.command === undefined ? `- ${fix.title}` : `- ${fix.title}: ${fix.command}`;
}

function indent(line: string): string {
  return `  ${line}`;
}
