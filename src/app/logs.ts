import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BringupError } from '../contract/errors.ts';
import type { LogPage, LogQuestion } from '../contract/logs.ts';
import type { RemoteConnection } from '../remote/index.ts';
import type { NormalisedSite } from '../site/index.ts';
import {
  badQuestion,
  noAnswer,
  noDeploymentVm,
  noStore,
  refuseUnmanaged,
  searchCancelled,
} from './log-errors.ts';
import { logSenders } from './log-senders.ts';
import type { BringupPorts } from './ports.ts';
import { createSession, type Session } from './session.ts';
import { loadSite } from './site.ts';
import { shippedTree } from './stacks-places.ts';
import { unlessCancelled } from './unless-cancelled.ts';

const STORE = '/var/log/bringup';
/** The store gives what it has found after so many seconds; the link gets the rest. */
const SEARCH_SECONDS = 8;
const ANSWER_SECONDS = 30;
const LIMIT = { usual: 200, most: 1000 };
/** A page that is looked at asks every few seconds; after this long without a question the way to the site is closed. */
const IDLE_MS = 60_000;

/** Searches of the central logs of sites; the way to a site stays open between them for a minute. */
export interface Logs {
  /** Rejects with LOGS_*, SITE_INVALID, CANCELLED, and whatever stands in the way to the deployment VM (SSH_*, VM_OFF). */
  search(question: LogQuestion): Promise<LogPage>;
  /** Calls off the search of this name; false where there is none. */
  cancel(name: string): boolean;
  close(): void;
}

interface Way {
  readonly session: Session;
  readonly stop: AbortController;
  searches: number;
  timer?: NodeJS.Timeout;
}

export function createLogs(ports: BringupPorts): Logs {
  const ways = new Map<string, Way>();
  const running = new Map<string, AbortController>();

  const shut = (key: string, way: Way): void => {
    clearTimeout(way.timer);
    if (ways.get(key) === way) ways.delete(key);
    way.stop.abort();
    way.session.close();
  };
  const openWay = (site: NormalisedSite): [string, Way] => {
    const { kvm_host: host, deployment_vm: vm } = site;
    const key = JSON.stringify([site.site.name, host, vm.address, vm.user]);
    const stop = new AbortController();
    const { credentials, hostKeys } = ports;
    const open = (): Way => ({
      ...{ stop, searches: 0 },
      session: createSession({ site, credentials, hostKeys, signal: stop.signal }),
    });
    const way = ways.get(key) ?? open();
    ways.set(key, way);
    return [key, way];
  };
  const byWay = async (site: NormalisedSite, ask: (session: Session) => Promise<string>): Promise<string> => {
    const [key, way] = openWay(site);
    clearTimeout(way.timer);
    way.searches += 1;
    try {
      return await ask(way.session);
    } finally {
      way.searches -= 1;
      if (way.searches === 0) way.timer = setTimeout(() => shut(key, way), IDLE_MS).unref();
    }
  };

  return {
    async search(question) {
      const cancel = new AbortController();
      if (question.name !== undefined) running.set(question.name, cancel);
      try {
        const { site } = await loadSite(question.file, ports.playbooks);
        refuseUnmanaged(site);
        const program = await programFor(shippedTree(ports.playbooks), site, question);
        const said = await byWay(site, async (session) =>
          ask(await reach(session, site, cancel.signal), program, cancel.signal),
        );
        const senders = [...logSenders(site)].map(([host, source]) => ({ host, source }));
        return { site: site.site.name, ...readAnswer(said), senders };
      } catch (thrown) {
        throw cancel.signal.aborted ? searchCancelled() : thrown;
      } finally {
        if (question.name !== undefined && running.get(question.name) === cancel)
          running.delete(question.name);
      }
    },
    cancel(name) {
      running.get(name)?.abort();
      return running.has(name);
    },
    close() {
      for (const [key, way] of ways) shut(key, way);
    },
  };
}

async function reach(session: Session, site: NormalisedSite, signal: AbortSignal): Promise<RemoteConnection> {
  try {
    return await unlessCancelled(session.deploymentVm(), signal);
  } catch (thrown) {
    const never = thrown instanceof BringupError && thrown.code === 'REMOTE_FILE_UNREADABLE';
    throw never ? noDeploymentVm(site, thrown) : thrown;
  }
}

/** The program goes over standard input with the question in it: nothing of it is in a list of processes, or stays there. */
async function programFor(tree: string, site: NormalisedSite, question: LogQuestion): Promise<string> {
  const reader = await readFile(path.join(tree, 'module_utils', 'bringup_log_store.py'), 'utf8');
  const { host, source, severity, program, text, since, until, before, limit = LIMIT.usual } = question;
  const words = {
    ...{ host, source, severity, program, text, since, until, before },
    limit: Math.min(LIMIT.most, Math.max(1, Math.floor(limit))),
    store: STORE,
    kinds: Object.fromEntries(logSenders(site)),
    seconds: SEARCH_SECONDS,
  };
  // Two times JSON is a text literal of Python as well.
  return `${reader}\nreply(json.loads(${JSON.stringify(JSON.stringify(words))}))\n`;
}

async function ask(vm: RemoteConnection, program: string, signal: AbortSignal): Promise<string> {
  const done = await vm.sudo('nice -n 10 python3 -I -B -', {
    ...{ stdin: program, signal, timeoutSeconds: ANSWER_SECONDS },
  });
  if (done.code !== 0) throw noAnswer(done.stderr.trim());
  return done.stdout;
}

function readAnswer(said: string): Omit<LogPage, 'site' | 'senders'> {
  let answer: Partial<LogPage> & { readonly error?: string; readonly text?: string };
  try {
    answer = JSON.parse(said) as typeof answer;
  } catch {
    throw noAnswer(said);
  }
  if (answer.error === 'no-store') throw noStore(answer.text ?? '');
  if (answer.error !== undefined) throw badQuestion(answer.text ?? '');
  if (!Array.isArray(answer.records)) throw noAnswer(said);
  return { ...answer, records: answer.records, more: answer.more === true };
}
