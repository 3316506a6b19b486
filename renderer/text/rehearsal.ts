/** Sentences of rehearsals: on Home, in the dialog that starts one, and wherever a run is one. */
export const rehearsalText = {
  rehearse: 'Rehearse',
  title: 'Rehearse a run',
  body: 'A run against simulated machines: discovery, checks, failures and resuming are as in earnest, but nothing at a site is touched and no network is needed.',
  site: 'Site file',
  ownSite: 'The rehearsal site, which Bringup carries with it',
  fault: 'Fault to put in',
  faultHint: 'The run fails as a real one would. When it is resumed, the fault counts as mended.',
  noFault: 'None: the run goes well',
  pace: 'Pace of the recorded stages',
  paces: { '1': 'As it was', '10': 'Ten times as fast', max: 'Without waiting' },
  start: 'Start the rehearsal',
  starting: 'Starting',
  cancel: 'Cancel',

  keepFault: 'The fault stays this time',
  keepFaultHint: 'As if nobody had mended it: the same failure comes again. Otherwise it counts as mended.',

  attached: 'Rehearsal, all machines simulated',
  runningNow: 'Nothing: this is a rehearsal. It ends with this Bringup, and nothing at the site is touched.',
  doneNow:
    'Nothing: this was a rehearsal, and nothing was set up. Carry the site file out in earnest when the site is ready.',
  next: 'Nothing, it was a rehearsal',
} as const;
