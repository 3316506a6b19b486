import type { FailureRecord, Owner } from '../contract/failure.ts';
import type { FailureInput, RunNames } from './input.ts';

const OWNER_WORDS: Readonly<Record<Owner, string>> = {
  'field-engineer': 'the field engineer',
  'customer-network': "the customer's network team",
  'customer-it': "the customer's IT",
  vendor: 'the hardware vendor',
  software: 'the Bringup developers',
};

const MACHINE_WORDS: Readonly<Record<string, string>> = {
  laptop: "the engineer's laptop",
  'kvm-host': 'the KVM host',
  'deployment-vm': 'the deployment VM',
};

/** Values that the texts of the catalogue may name: what the output named, and the place of the failure. */
export function fillValues(
  input: FailureInput,
  names: RunNames,
  named: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const { stage, task, host, runs_on: machine } = input.where;
  const source = input.code?.startsWith('SSH_') === true ? wayTo(machine) : machine;
  const from = names.addresses?.[source] ?? MACHINE_WORDS[source];
  return {
    ...(names.site === '' ? {} : { site: names.site }),
    ...{ run: names.run, stage, task, what: input.what },
    ...(host === undefined ? {} : { host, address: names.addresses?.[host] }),
    ...(from === undefined ? {} : { from }),
    ...named,
  };
}

/** Where Bringup's own connection to a machine comes from: the deployment VM is reached through the KVM host. */
function wayTo(machine: string): string {
  return machine === 'deployment-vm' ? 'kvm-host' : 'laptop';
}

/** Writes the copy-ready text for the owner; `opening` is the catalogue's request, filled. */
export function writeRequest(
  record: Omit<FailureRecord, 'request'>,
  names: RunNames,
  opening?: string,
): string {
  const { where, why, owner, fixes } = record;
  const first = opening?.trim();
  const place = [
    where.stage === '' ? '' : `stage ${where.stage}, carried out on ${where.runs_on}`,
    where.task === undefined ? '' : `task "${where.task}"`,
    where.host === undefined ? '' : `host ${where.host}`,
    where.file === undefined ? '' : `${where.file}${where.line === undefined ? '' : `:${where.line}`}`,
  ].filter((part) => part !== '');
  // A text that is explained outside of a run has no site, no place and no failure to refer to.
  const inRun = names.run !== '';
  const lines = [
    ...(inRun
      ? [
          `Site ${names.site}, failure ${record.reference}, run ${names.run}, ${names.at}, Bringup ${names.version}`,
        ]
      : []),
    ...(owner === null ? [] : [`For ${OWNER_WORDS[owner]}`]),
    '',
    ...(first === undefined ? [] : [first, '']),
    ...(inRun ? [`What: ${record.what}`] : []),
    ...(place.length === 0 ? [] : [`Where: ${place.join(', ')}`]),
    `Why: ${why.summary}${why.key === null ? '' : ` (${why.key})`}`,
    ...(fixes.length === 0 ? [] : ['What helps:', ...fixes.map(fixLine)]),
    ...why.evidence.flatMap(({ source, text }) => ['', `${source}:`, ...text.split('\n').map(indent)]),
  ];
  return `${lines.join('\n').trimStart()}\n`;
}

function fixLine(fix: { readonly title: string; readonly command?: string }): string {
  return fix.command === undefined ? `- ${fix.title}` : `- ${fix.title}: ${fix.command}`;
}

function indent(line: string): string {
  return `  ${line}`;
}
