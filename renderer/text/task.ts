/** Sentences of an opened task. */
export const taskText = {
  detail: 'Command and output',
  detailOf: (host: string): string => `Command and output of ${host}`,
  fetching: 'Reading it from the journal',
  names: {
    command: 'Command',
    message: 'Result',
    stdout: 'Output',
    stderr: 'Error output',
    diff: 'Changes',
  },
  ended: (rc: number): string => `, ended with ${rc}`,
};
