/** Sentences of the step in which the parameters of the stack are set. */
export const parametersText = {
  meta: (stack: string): string =>
    `What the stack ${stack} lets a site decide. A field left empty takes the default.`,
  none: (stack: string): string => `The stack ${stack} has no parameters. There is nothing to set here.`,
  set: (n: number): string => (n === 0 ? 'Everything by default' : `${n} set, the rest by default`),
  wrong: (n: number): string => (n === 1 ? '1 error to mend' : `${n} errors to mend`),
  noStack: 'The site file names no stack yet.',
  toSite: 'Go to site details',

  groupSet: (n: number): string => `${n} set`,
  groupUnset: 'nothing set',
  leaveOut: 'Take all of this out',
  leaveOutOf: (title: string): string => `Take all of this out: ${title}`,
  needed: 'Needed here.',

  entry: (n: number): string => `Entry ${n}`,
  noEntries: 'No entry yet.',
  entries: (n: number): string => (n === 1 ? '1 entry' : `${n} entries`),
  add: 'Add an entry',
  addTo: (title: string): string => `Add an entry: ${title}`,
  remove: 'Remove',
  removeEntry: (name: string): string => `Remove ${name}`,

  defaultIs: (value: string): string => `Default: ${value}.`,
  forExample: (value: string): string => `For example: ${value}`,
  limits: (from: string | undefined, to: string | undefined): string =>
    from === undefined
      ? `At most ${to ?? ''}.`
      : to === undefined
        ? `At least ${from}.`
        : `From ${from} to ${to}.`,
  useDefault: (name: string): string => `Use the default of ${name}`,
  byDefault: (value: string): string => (value === '' ? 'by default' : `default: ${value}`),
  notChosen: (required: boolean): string => (required ? 'choose one' : 'not set'),
  several: 'Several are separated by commas.',
  asJson: 'Written as JSON, such as {"replicas": 2}; more than a line is easier in the YAML.',
  yes: 'yes',
  no: 'no',
};
