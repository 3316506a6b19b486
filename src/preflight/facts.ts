import { BringupError } from '../contract/errors.ts';
import { quote, type RemoteConnection } from '../remote/index.ts';
import { FACTS_SCRIPT } from './facts-script.ts';
import { REMOTE_ROOT } from './layout.ts';
import { readFacts, type Access } from './read-facts.ts';
import type { Facts, PreflightInput } from './types.ts';

/** Looks at the KVM host: one command for all facts, one each for its clock and for forwarding. Rejects when the link fails. */
export async function collectFacts(connection: RemoteConnection, input: PreflightInput): Promise<Facts> {
  const limits = { timeoutSeconds: 60, ...(input.signal === undefined ? {} : { signal: input.signal }) };
  const contact = await readClock(connection, input);
  const forwarding = await tryForwarding(connection);
  const accelerators = input.virtualization === 'emulate' ? 'tcg' : 'kvm tcg';
  const look = async (asRoot: boolean, access: Access): Promise<Facts> => {
    const words = [input.bridge, input.storage, REMOTE_ROOT, asRoot ? accelerators : '', input.domain ?? ''];
    const command = ['sh', '-c', FACTS_SCRIPT, 'sh', ...words].map(quote).join(' ');
    const done = await (asRoot ? connection.sudo(command, limits) : connection.exec(command, limits));
    if (!done.stdout.includes('\ncomplete=yes')) throw incomplete(connection.label, done.stderr);
    return readFacts(done.stdout, access);
  };
  try {
    return await look(true, { ...contact, forwarding, sudo: { ok: true } });
  } catch (thrown) {
    if (!(thrown instanceof BringupError) || !thrown.code.startsWith('SUDO_')) throw thrown;
    const remedy = thrown.hint === undefined ? {} : { remedy: thrown.hint };
    const sudo = { ok: false, code: thrown.code, text: thrown.message, ...remedy };
    return look(false, { ...contact, forwarding, sudo });
  }
}

/** The best of three: the shortest round trip leaves the least doubt. */
async function readClock(
  connection: RemoteConnection,
  input: PreflightInput,
): Promise<Pick<Access, 'login' | 'clock'>> {
  let best: Pick<Access, 'login' | 'clock'> | undefined;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const before = input.now().getTime();
    const { stdout } = await connection.exec('date +%s.%N; id -un', { timeoutSeconds: 30 });
    const after = input.now().getTime();
    const [time = '', user = ''] = stdout.trim().split('\n');
    const clock = {
      ahead: Number.parseFloat(time) - (before + after) / 2000,
      uncertainty: (after - before) / 2000,
    };
    if (best === undefined || clock.uncertainty < best.clock.uncertainty) {
      best = { login: { user, host: connection.label }, clock };
    }
  }
  if (best === undefined || Number.isNaN(best.clock.ahead))
    throw incomplete(connection.label, 'date gave no time');
  return best;
}

/** Only a refusal by policy counts: that nobody listens on the port still shows that sshd forwards. */
async function tryForwarding(connection: RemoteConnection): Promise<Access['forwarding']> {
  try {
    (await connection.tunnel('127.0.0.1', 22)).destroy();
    return { ok: true, text: '' };
  } catch (thrown) {
    if (!(thrown instanceof BringupError) || thrown.code !== 'TUNNEL_REFUSED') throw thrown;
    const text = thrown.evidence[0]?.text ?? thrown.message;
    return { ok: !/prohibited/i.test(text), text };
  }
}

function incomplete(label: string, text: string): BringupError {
  return new BringupError({
    code: 'PREFLIGHT_INCOMPLETE',
    message: `${label} could not be looked at: its shell did not finish the questions.`,
    hint: 'Check that the user has a POSIX shell and that /tmp there is writable and not full.',
    evidence: [{ source: `shell on ${label}`, text: text.trim() }],
  });
}
