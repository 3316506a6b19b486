// node main/setup/record-rehearsal.mjs SITE.yaml STAGE SOURCE > assets/rehearsal/stages/STAGE.jsonl
// Makes the recording of a stage that rehearsals play. SOURCE is the journal of a real run (journal.jsonl) or the folder of
// ansible-runner's job events (artifacts/STAGE/job_events); SITE.yaml is the site file of that run. Names and addresses of that
// site become {{placeholders}}, and of the target servers only the first is kept: it stands for each of them. In stages that
// treat a server without an operating system in another way, the first one of parameters.os.hosts is kept as {{bare}}, too.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const [siteFile, stage, source] = process.argv.slice(2);
if (source === undefined) {
  process.stderr.write('usage: node main/setup/record-rehearsal.mjs SITE.yaml STAGE SOURCE\n');
  process.exit(2);
}

const site = parse(readFileSync(siteFile, 'utf8'));
const empty = site.parameters?.os?.hosts ?? [];
const target = site.hosts.find(({ name }) => !empty.includes(name)) ?? site.hosts[0];
const bare = showsBare() ? site.hosts.find(({ name }) => empty.includes(name)) : undefined;
const vm = site.deployment_vm.name ?? 'deploy';
const KEPT_DATA = [
  'play',
  'task',
  'task_uuid',
  'task_path',
  'task_action',
  'host',
  'duration',
  'ignore_errors',
];
const KEPT_RESULT = [
  ...[
    'changed',
    'msg',
    'rc',
    'cmd',
    'stdout',
    'stderr',
    'code',
    'attempts',
    'retries',
    'censored',
    'told_diff',
  ],
  ...['skip_reason', 'item', '_ansible_item_label', 'bringup_progress', 'console', 'left_out'],
];
const LONGEST = 600;
const PROJECT = '/var/lib/bringup/project';

const events = statSync(source).isDirectory() ? fromJobEvents(source) : fromJournal(source, stage);
const hosts = new Set([target.name, bare?.name, 'kvm-host', vm]);
const told = events.filter(({ event: { data } }) => data.host === undefined || hosts.has(data.host));
const kept = told.filter(isTold);
const began = kept[0]?.at ?? 0;
for (const { at, event } of kept) {
  const line = { at: Math.round((at - began) * 10) / 10, event: replaced(event) };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Whether the stage treats a server of parameters.os.hosts in another way than the rest, as the stack says. */
function showsBare() {
  const file = new URL(`../../playbooks/stacks/${site.stack}/stack.yaml`, import.meta.url);
  const { leaves_out: leavesOut, when } =
    parse(readFileSync(file, 'utf8')).stages.find(({ id }) => id === stage) ?? {};
  return leavesOut !== undefined || when?.['parameters.os.mode'] !== undefined;
}

/** A task is told once, and only where one of the kept hosts answers it. */
function isTold({ event }, index) {
  if (!/_task_start$/.test(event.event)) return true;
  const { task_uuid: id } = event.data;
  const isSame = (other) => other.event.data.task_uuid === id;
  return (
    told.findIndex(isSame) === index &&
    told.some((other) => isSame(other) && other.event.data.host !== undefined)
  );
}

/** Job events as ansible-runner, or its callback alone, writes them. */
function fromJobEvents(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')))
    .filter(({ event }) => !['playbook_on_start', 'runner_on_start', 'playbook_on_stats'].includes(event))
    .sort((one, other) => one.created.localeCompare(other.created))
    .map(({ event, created, event_data: data }) => ({
      at: Date.parse(`${created.slice(0, 23)}Z`) / 1000,
      event: { event, data: pick(data, KEPT_DATA, data.res) },
    }));
}

/** The events of the stage's last attempt, from what the journal says of each. */
function fromJournal(file, id) {
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const start = lines.findLastIndex((line) => line.kind === 'stage.started' && line.stage === id);
  return lines
    .slice(start + 1)
    .filter((line) => line.stage === id && line.counter !== undefined)
    .flatMap((line) => {
      const event = runnerEvent(line);
      return event === undefined ? [] : [{ at: Date.parse(line.at) / 1000, event }];
    });
}

function runnerEvent(line) {
  switch (line.kind) {
    case 'play.started':
      return { event: 'playbook_on_play_start', data: { play: line.play } };
    case 'task.started': {
      const place = line.file === undefined ? {} : { task_path: `${PROJECT}/${line.file}:${line.line}` };
      return {
        event: 'playbook_on_task_start',
        data: { play: line.play, task: line.title, task_uuid: line.task, ...place },
      };
    }
    case 'task.progress': {
      const [, attempts, retries, said] = /^attempt (\d+) of (\d+)(?:: ([^]*))?$/.exec(line.text) ?? [];
      if (attempts === undefined) return undefined;
      const res = { attempts: Number(attempts), retries: Number(retries), bringup_progress: said };
      return { event: 'runner_retry', data: { task_uuid: line.task, host: line.host, res } };
    }
    case 'host.result': {
      const { task, host, status, text, duration_seconds: duration, detail = {}, item } = line;
      const kind = { ok: 'ok', changed: 'ok', skipped: 'skipped', failed: 'failed' }[status];
      if (kind === undefined) return undefined;
      const { command: cmd, message, diff: told_diff, ...rest } = detail;
      const { left_out } = line;
      const res = {
        changed: status === 'changed',
        msg: message ?? text,
        cmd,
        told_diff,
        ...rest,
        item,
        left_out,
      };
      // Bringup's own module says so, and it counts as skipped only in a run.
      const own = left_out === undefined ? {} : { task_action: 'bringup_left_out' };
      const how = left_out === undefined ? kind : 'ok';
      const event = item === undefined ? `runner_on_${how}` : `runner_item_on_${how}`;
      return { event, data: pick({ task_uuid: task, host, duration, ...own }, KEPT_DATA, res) };
    }
    default:
      return undefined;
  }
}

function pick(data, names, result) {
  const res = Object.fromEntries(
    KEPT_RESULT.filter((name) => (result?.[name] ?? undefined) !== undefined).map((name) => [
      name,
      short(result[name]),
    ]),
  );
  const fields = Object.fromEntries(
    names.filter((name) => (data[name] ?? undefined) !== undefined).map((name) => [name, data[name]]),
  );
  return result === undefined ? fields : { ...fields, res };
}

/** Both ends of what is long; a certificate says nothing to a reader. */
function short(value) {
  if (typeof value !== 'string') return value;
  const text = value.replaceAll(/-----BEGIN [A-Z ]+-----[^-]*-----END [A-Z ]+-----/g, '[certificate]');
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST / 2)}\n[…]\n${text.slice(-LONGEST / 2)}`;
}

/** The event with placeholders for all that belongs to the recorded site; in what {{bare}} says, {{target}} is itself. */
function replaced(event) {
  const isBare = bare !== undefined && event.data.host === bare.name;
  const { data, ...rest } = filled(event, placeholders(isBare ? bare : target));
  return { ...rest, data: isBare ? { ...data, host: '{{bare}}' } : data };
}

function filled(value, holes) {
  if (typeof value === 'string')
    return holes.reduce((text, [known, hole]) => text.replace(known, hole), value);
  if (Array.isArray(value)) return value.map((entry) => filled(entry, holes));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, filled(field, holes)]));
}

/** What stands for what in the words of a target server. */
function placeholders(me) {
  const next = site.hosts[(site.hosts.indexOf(me) + 1) % site.hosts.length];
  const others = [
    [me, 'target'],
    [next, 'next'],
    ...(bare === undefined || bare === me || bare === next ? [] : [[bare, 'bare']]),
  ];
  const network = site.networks.find(({ name }) => name === site.deployment_vm.network);
  const face = (host) => host?.interfaces?.find((entry) => entry.address !== undefined);
  const addresses = [
    [site.kvm_host.address, '{{kvm_host.address}}'],
    [site.deployment_vm.address, '{{deployment_vm.address}}'],
    ...others.map(([host, role]) => [face(host)?.address, `{{${role}.address}}`]),
    ...others.map(([host, role]) => [host.bmc?.address, `{{${role}.bmc}}`]),
    [network.gateway, '{{gateway}}'],
  ];
  const range = network.cidr.split('.').slice(0, 3).join('\\.');
  const word = (text, hole) => [new RegExp(`(?<![\\w-])${escape(text)}(?![\\w-])`, 'g'), hole];
  return [
    [/\/\S*?\/(?=(?:stacks|roles)\/\S+:\d+$)/g, '{{project}}/'],
    // Before the names in it are replaced.
    [new RegExp(`\\d{8}-\\d{6}-${escape(site.site.name)}-[0-9a-f]{4}`, 'g'), 'rehearsal'],
    ...(site.parameters?.os === undefined
      ? []
      : [[new RegExp(`(?:https?://[\\w.]+/)?${escape(site.parameters.os.image)}`, 'g'), '{{os.image}}']]),
    [new RegExp(escape(site.site.domain), 'g'), '{{domain}}'],
    [new RegExp(escape(`${site.site.name}-${vm}`), 'g'), '{{site}}-{{deployment_vm}}'],
    [new RegExp(escape(network.cidr), 'g'), '{{network.cidr}}'],
    ...addresses
      .filter(([address]) => address !== undefined)
      .map(([address, hole]) => [new RegExp(`(?<![\\d.])${escape(address)}(?!\\d|\\.\\d)`, 'g'), hole]),
    // What is left of that network was leased by DHCP.
    [new RegExp(`(?<![\\d.])${range}\\.\\d+(?!\\d|\\.\\d)`, 'g'), '{{lease}}'],
    ...others.flatMap(([host, role]) =>
      face(host)?.mac === undefined ? [] : [[new RegExp(escape(face(host).mac), 'gi'), `{{${role}.mac}}`]],
    ),
    [/\/var\/lib\/libvirt\/images/g, '{{storage}}'],
    [new RegExp(escape(site.kvm_host.bridge), 'g'), '{{bridge}}'],
    ...others.map(([host, role]) => [new RegExp(`(?<!\\w)${escape(host.name)}(?!\\w)`, 'g'), `{{${role}}}`]),
    word('kvm-host', '{{kvm_host}}'),
    word(vm, '{{deployment_vm}}'),
    [new RegExp(`(?<=sites/|[Bb]ringup )${escape(site.site.name)}(?![\\w-])`, 'g'), '{{site}}'],
    ...Object.values(site.parameters ?? {})
      .filter((value) => typeof value?.address === 'string')
      .map(({ address }) => [
        new RegExp(`(?<![\\d.])${escape(address)}(?!\\d|\\.\\d)`, 'g'),
        '{{ome.address}}',
      ]),
  ];
}

function escape(text) {
  return String(text).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
