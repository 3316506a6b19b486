import type { Example } from '../example/open-example.ts';

/** The sentences of the example runs, which are kept rehearsals, and of the tour through one of them. */
export const exampleText = {
  look: 'Look around with a rehearsal',
  lookBody:
    'Two rehearsals that were kept, shown as your runs will be; or one of your own. No site is touched, and nothing has to be connected.',
  own: 'Rehearse one yourself',
  open: {
    'example-failed': 'A run that failed',
    'example-done': 'A run that ended well',
  } satisfies Record<Example, string>,
  openNamed: {
    'example-failed': 'Example: a run that failed',
    'example-done': 'Example: a run that ended well',
  } satisfies Record<Example, string>,
  notice: 'This is a rehearsal that was kept, not a site of yours: its machines were simulated.',
  leave: 'Leave the example',
  tour: [
    {
      title: 'The stages',
      body: 'Every run goes through its stages from top to bottom, with the time each took. j and k go through them.',
    },
    {
      title: 'The open stage',
      body: 'Its tasks by host, what failed first. The root cause stands on top, what it held up below.',
    },
    {
      title: 'What, where, why, whose, what now',
      body: 'The answer to a failure: who has to mend it, and the text to send. c copies that text.',
    },
    {
      title: 'Any moment again',
      body: 'A run that is over can be looked at as it was at any moment: drag, use the arrow keys, or play.',
    },
  ],
  tourNext: 'Next',
  tourEnd: 'Done',
  tourSkip: 'Skip the tour',
  tourStep: (n: number, of: number): string => `${n} of ${of}`,
};
