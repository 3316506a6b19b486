import type { DoctorResult } from '../contract/api.ts';
import { toErrorData } from '../contract/errors.ts';
import type { CheckResult } from '../contract/events.ts';
import { listRuns } from './list-runs.ts';
import type { BringupPorts } from './ports.ts';
import { stackNames } from './stacks.ts';

/** `app.doctor`: what Bringup needs of this machine and whether it is there. Never rejects for what it finds. */
export async function doctor(ports: BringupPorts): Promise<DoctorResult> {
  const checks = [
    ...((await ports.machine?.()) ?? []),
    await checked({ id: 'playbooks', title: 'Playbooks', wanted: 'at least one stack' }, async () => {
      const names = await stackNames(ports.playbooks);
      return names.length === 0
        ? { status: 'failed', seen: 'no stack', remedy: 'Install Bringup again: a part of it is missing.' }
        : { status: 'ok', seen: names.join(', ') };
    }),
    await checked({ id: 'credentials', title: 'Credentials', wanted: 'a store that opens' }, () =>
      credentialCheck(ports),
    ),
    await checked({ id: 'journals', title: 'Runs', wanted: 'every journal readable' }, () =>
      journalCheck(ports),
    ),
  ];
  return { ok: checks.every(({ status }) => status !== 'failed'), checks };
}

type Head = Pick<CheckResult, 'id' | 'title' | 'wanted'>;
type Found = Pick<CheckResult, 'status' | 'seen' | 'remedy'>;

/** What a look cannot find out has failed, with the words of the error. */
async function checked(head: Head, look: () => Promise<Found>): Promise<CheckResult> {
  try {
    return { ...head, ...(await look()) };
  } catch (thrown) {
    const { code, message, hint } = toErrorData(thrown);
    const remedy = hint === undefined ? {} : { remedy: hint };
    return { ...head, status: 'failed', seen: message, code, ...remedy };
  }
}

/** A closed file is not opened for this: its passphrase is asked for by whoever needs a value. */
async function credentialCheck({ credentials }: BringupPorts): Promise<Found> {
  const state = await credentials.choice?.state();
  if (state?.store === 'file' && state.file.state !== 'open') {
    const there = state.file.state === 'absent' ? 'not made yet' : 'opens with its passphrase';
    return { status: 'ok', seen: `encrypted file ${state.file.path}, ${there}` };
  }
  const names = await credentials.list();
  const where = state?.store === 'file' ? 'encrypted file' : 'keychain';
  return { status: 'ok', seen: `${where}, ${names.length} stored` };
}

async function journalCheck({ journals, version, clock }: BringupPorts): Promise<Found> {
  const stored = await journals.list();
  const runs = await listRuns(journals, version);
  const readable = new Set(runs.map(({ run }) => run));
  const lost = stored.filter(({ run }) => !readable.has(run));
  const count = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  const [first] = lost;
  if (first !== undefined) {
    const names = lost.map(({ run }) => run).join(', ');
    const remedy = `See what is wrong with it: bringup show ${first.run}; its file is ${first.path}`;
    return { status: 'failed', seen: `${count}, and ${lost.length} not readable: ${names}`, remedy };
  }
  const now = clock.now().toISOString();
  const future = runs.find(({ started }) => started > now);
  if (future !== undefined) {
    const remedy =
      'The clock of this machine was set back, or was wrong then: set it right before the next run.';
    return {
      status: 'warning',
      seen: `run ${future.run} began at ${future.started}, which is to come`,
      remedy,
    };
  }
  const broken = runs.find(({ interrupted, opened }) => interrupted !== undefined && opened === undefined);
  if (broken !== undefined) {
    const remedy = `Go on with it: bringup resume ${broken.run}`;
    return { status: 'warning', seen: `${count}; ${broken.run} was interrupted`, remedy };
  }
  return { status: 'ok', seen: count };
}
