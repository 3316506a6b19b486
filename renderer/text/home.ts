import type { FileKind, Place } from '../../src/contract/api.ts';
import { count } from '../format.ts';

/** Sentences of Home, of choosing files, and of the list of actions. */
export const homeText = {
  title: 'Sites and runs',
  siteCount: (n: number): string => `${count(n, 'site')} on this machine`,
  needYou: (n: number): string => (n === 1 ? '1 site needs you' : `${n} sites need you`),
  needsYou: 'Needs you',
  running: 'Running by itself',
  finished: 'Finished',
  opened: 'Opened from a file, to be looked at',
  columns: {
    site: 'Site',
    state: 'State',
    stages: 'Stages',
    spent: 'Time spent',
    next: 'Next thing to do',
    action: 'Action',
  },
  loading: 'Reading the sites and runs on this machine',
  refreshFailed: 'The list of sites and runs could not be read.',
  tryAgain: 'Try again',
  emptyTitle: 'No site has been brought up from this machine yet',
  emptyBody:
    'A site begins with its site file: one YAML file that says which networks, services and hosts the site has. Start a new one, open one that the back office made, or drop a file on this window.',

  startSite: 'Start a new site',
  openExisting: 'Open a site file you have',

  openFailure: 'Open failure',
  watch: 'Watch',
  open: 'Open',
  resume: 'Resume',
  resuming: 'Resuming',
  prepare: 'Go on preparing',
  mend: 'Mend site file',
  forget: 'Remove from list',
  editSite: 'Open site file',
  exported: (file: string): string => `from ${file}`,

  preparing: 'preparing',
  invalid: 'invalid',
  missing: 'file missing',
  notStarted: 'not started',
  leftWithoutEnd: 'left without an end',
  errorsIn: (errors: number): string => `${count(errors, 'error')} in the site file`,
  warnings: (n: number): string => count(n, 'warning'),
  stoppedAt: (stage: string): string => `at ${stage}`,
  upTo: (stage: string, left: number | undefined): string =>
    `up to ${stage}${left === undefined ? '' : `, ${count(left, 'stage')} left`}`,
  runsOf: (site: string): string => `Runs of ${site}`,
  noRuns: 'No run has been started yet.',
  ago: (age: string): string => `${age} ago`,
  openedAgo: (age: string): string => `last opened ${age} ago`,
  owner: (owner: string): string => `owner: ${owner}`,
  nextRequest: (owner: string): string => `Send the request to ${owner}`,
  nextNothing: 'Nothing, it goes on by itself',
  nextOk: 'Nothing, the site is up',
  nextLook: 'Nothing, it is a run of another machine',
  nextResume: 'Resume it; what is done stays done',
  nextRest: 'Start the run of the whole site',
  nextStopped: 'Open the run and see where it stopped',
  nextPrepare: 'Check the steps and start the run',
  nextFind: 'Open the site file where it is now',

  newSite: 'New site',
  newSiteName: 'Name of the site',
  newSiteNameHint: 'Lower-case letters, digits and dashes, for example plant-7',
  newSiteStack: 'What is brought up',
  newSiteExample: 'Begin with the example',
  newSiteExampleHint: 'Three servers, every part explained; the addresses are yours to put in.',
  newSiteFile: 'Site file',
  newSiteFileHint: 'A small commented file to begin with. An existing file is never overwritten.',
  create: 'Create site file',
  cancel: 'Cancel',

  coming: 'Opening the site file',
  partMissing: 'This part of Bringup could not be loaded',
  partMissingBody:
    'Bringup may have been closed, or replaced by a newer one, since this page was opened. Start it again where needed, then load the page again. Runs are not affected.',
  loadAgain: 'Load the page again',
  watching:
    'You are watching this run: you see it live and can do nothing to it. Whoever gave you the link can end it at any time.',

  openKind: (kind: FileKind): string =>
    ({ site: 'Open site file', export: 'Open exported run', bundle: 'Choose the bundle' })[kind],
  openJournal: 'Open a journal file',
  path: 'Path on the machine that runs Bringup',
  pathHint: (kind: FileKind): string =>
    ({
      site: 'For example /home/me/plant-7/site.yaml',
      export: 'For example /media/usb/plant-7.bringup',
      bundle: 'For example /media/usb/plant-7.bundle',
    })[kind],
  openIt: (kind: FileKind): string => (kind === 'bundle' ? 'Choose' : 'Open'),
  close: 'Close',
  places: 'Places',
  placeTitle: (place: Place): string => place.folder,
  up: 'One folder up',
  folder: 'Folder',
  changed: 'Changed',
  name: 'Name',
  noEntries: (kind: FileKind): string =>
    ({
      site: 'No folder and no YAML file is in here.',
      export: 'No folder and no exported run (.bringup) is in here.',
      bundle: 'No folder and no bundle (.bundle) is in here.',
    })[kind],
  leftOut: (n: number): string => `${n} more entries are not shown; type the path instead.`,

  dropHere: 'Drop a site file or an exported run',
  dropOne: 'Drop one file at a time.',
  dropUnknown: (name: string): string =>
    `${name} is neither a site file (.yaml), an exported run (.bringup) nor a journal (.jsonl).`,
  dropTooLarge: (name: string): string => `${name} is too large for a page to read. Open it with its path.`,
  dropNotFound: (name: string): string =>
    `${name} was not found on the machine that runs Bringup. A browser does not tell where a file lies: if it is on another machine, copy it there first, then open it with its path.`,

  actions: 'Actions',
  findAction: 'Find an action',
  noAction: 'No action has these words.',
  actionHint: 'Arrow keys choose, Enter carries out, Escape closes',
  ofApp: 'Everywhere',
  ofPage: 'On this page',
  goHome: 'Go to Sites and runs',
  theme: (theme: string): string => `Theme: ${theme}; choose the next one`,
  shortcuts: 'Show keyboard shortcuts',

  share: 'Share',
  shareTitle: 'Let somebody watch this run',
  shareBody:
    'Whoever opens this link sees this run live and can do nothing: no other run, no site file, no button. It works until you end it or this Bringup ends.',
  shareReach:
    'The link leads to this machine. From another one it opens through SSH (ssh -L with the same port), or when Bringup was started with: bringup serve --listen',
  copyLink: 'Copy link',
  endShare: 'End sharing',
  shareEnded: 'Nobody can watch with that link any more.',
};
