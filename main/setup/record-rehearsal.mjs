// node main/setup/record-rehearsal.mjs RUN [STAGE...]
// Makes the recordings that rehearsals play, assets/rehearsal/stages/STAGE.jsonl, anew from a real run, and the tour of the window
// from them. RUN is the folder of the run (journal.jsonl, site.yaml); without stages, all that ended well in it. Names, addresses and
// times of that site become {{placeholders}} or those of the tour, and of the target servers only the first is kept: it stands for
// each of them. In stages that treat a server without an operating system in another way, the first one of parameters.os.hosts is
// kept as {{bare}}, too. A machine beside the site's (the laptop) keeps its name. The same run gives the same recordings.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT, run, say } from './ensure.mjs';
import { recordedCells } from './recording/cells.mjs';
import { stageEvents, withoutEmptyTasks } from './recording/events.mjs';
import { filled, leftovers, placeholders } from './recording/placeholders.mjs';

const MOST_BYTES = 100_000;

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined) stop('usage: node main/setup/record-rehearsal.mjs RUN [STAGE...]', 2);
const [siteFile, journal] = ['site.yaml', 'journal.jsonl'].map((name) => path.join(folder, name));
if (!existsSync(siteFile) || !existsSync(journal))
  stop(`${folder} is no folder of a run: it has no site.yaml and journal.jsonl`, 2);

const site = parse(readFileSync(siteFile, 'utf8'));
const lines = readFileSync(journal, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const began = Date.parse(lines[0].at);
const { stages } = parse(
  readFileSync(path.join(ROOT, 'playbooks', 'stacks', site.stack, 'stack.yaml'), 'utf8'),
);
const vm = site.deployment_vm.name ?? 'deploy';
const isOfSite = (name) => ['kvm-host', vm, ...site.hosts.map((host) => host.name)].includes(name);

const kept = stages
  .map(({ id }) => id)
  .filter((id) => (wanted.length === 0 ? endedWell(id) : wanted.includes(id)));
for (const id of wanted.filter((name) => !endedWell(name)))
  stop(`stage ${id} did not end well in this run`, 1);
if (kept.length === 0) stop('no stage of this run ended well', 1);

const recordings = kept.map((id) => [id, recordingOf(id)]);
const wrong = recordings.flatMap(([id, text]) => [
  ...leftovers(text, site, hostname()).map((left) => `${id} still holds ${left}`),
  ...(text.length > MOST_BYTES ? [`${id} has ${text.length} bytes, ${MOST_BYTES} at most`] : []),
]);
if (wrong.length > 0) stop(`nothing was written:\n  ${wrong.join('\n  ')}`, 1);
for (const [id, text] of recordings) {
  const file = path.join('assets', 'rehearsal', 'stages', `${id}.jsonl`);
  const told = text.trimEnd().split('\n');
  writeFileSync(path.join(ROOT, file), text);
  say(`${file}: ${told.length} events, ${Math.round(JSON.parse(told.at(-1)).at)} s, ${text.length} bytes`);
}
run(process.execPath, [path.join(ROOT, 'main', 'setup', 'make-tour.mjs')]);

/** Whether the run's last word on a stage is that it was done, by a playbook. */
function endedWell(id) {
  const own = lines.filter((line) => line.stage === id);
  const last = own.findLast(({ kind }) => kind === 'stage.finished');
  return ['ok', 'changed'].includes(last?.status) && own.some(({ counter }) => counter !== undefined);
}

function recordingOf(id) {
  const empty = site.parameters?.os?.hosts ?? [];
  const target = site.hosts.find(({ name }) => !empty.includes(name)) ?? site.hosts[0];
  const bare = showsBare(id) ? site.hosts.find(({ name }) => empty.includes(name)) : undefined;
  const isKept = ({ host }) =>
    host === undefined || !isOfSite(host) || [target.name, bare?.name, 'kvm-host', vm].includes(host);
  const isThere = (file) => existsSync(path.join(ROOT, 'playbooks', file));
  const told = stageEvents(lines, id, { isOfSite, isThere }).filter(({ event }) => isKept(event.data));
  const events = withoutEmptyTasks(told);
  const first = events[0]?.at ?? 0;
  const numbers = new Map();
  return events
    .map(({ at, event }) => {
      const line = { at: Math.round((at - first) * 10) / 10, event: replaced(event, target, bare, numbers) };
      return `${JSON.stringify(line)}\n`;
    })
    .join('');
}

/** Whether the stage treats a server of parameters.os.hosts in another way than the rest, as the stack says. */
function showsBare(stage) {
  const { leaves_out: leavesOut, when } = stages.find(({ id }) => id === stage);
  return leavesOut !== undefined || when?.['parameters.os.mode'] !== undefined;
}

/** The event with placeholders for all that belongs to the recorded site; in what {{bare}} says, {{target}} is itself. */
function replaced({ event, data }, target, bare, numbers) {
  const isBare = bare !== undefined && data.host === bare.name;
  const { task_uuid: task, cells, ...rest } = data;
  if (task !== undefined && !numbers.has(task)) numbers.set(task, numbers.size + 1);
  const told = {
    ...rest,
    ...(cells === undefined ? {} : { cells: recordedCells(cells, data.host, site) }),
  };
  // Ansible makes the ids of its tasks of the MAC address of the machine.
  const id = task === undefined ? {} : { task_uuid: `task-${numbers.get(task)}` };
  const plain = withoutOthers(filled(told, placeholders(site, isBare ? bare : target, bare, began)));
  return { event, data: { ...id, ...plain, ...(isBare ? { host: '{{bare}}' } : {}) } };
}

/** Lines of an output that name servers which the recording does not have say nothing of a rehearsed site. */
function withoutOthers(data) {
  if (typeof data.res?.stdout !== 'string') return data;
  const lines = data.res.stdout
    .split('\n')
    .filter((line) => !site.hosts.some(({ name }) => line.includes(name)));
  return { ...data, res: { ...data.res, stdout: lines.join('\n') } };
}

function stop(text, code) {
  process.stderr.write(`bringup: ${text}\n`);
  process.exit(code);
}
