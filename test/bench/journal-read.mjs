// Reopens a journal in a process of its own, so that its memory can be told: journal-read.mjs ours|naive DIST HOME RUN.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [way, dist, home, run] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(path.join(dist, file)).href);
const { createJournalFiles, journalPath } = await load('main/adapters/journal-files.js');
const { EMPTY_RUN, foldJournal, reduceRun } = await load('src/runs/index.js');

const started = performance.now();
const state = way === 'ours' ? await fold() : reduceOneByOne();
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  JSON.stringify({ seconds, mebibytes: process.resourceUsage().maxRSS / 1024, events: state.lastSeq }),
);

async function fold() {
  return (await foldJournal(createJournalFiles(home).lines(run), run)).state;
}

/** What one would write first: the whole file, all of its lines, all of its events, a new state for each. */
function reduceOneByOne() {
  const lines = readFileSync(journalPath(home, run), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line)).reduce((state, event) => reduceRun(state, [event]), EMPTY_RUN);
}
