import { BringupError, EXIT } from '../contract/errors.ts';
import type { RemoteConnection } from '../remote/index.ts';
import type { Collect, Raw } from './actions.ts';
import { COLLECTOR } from './script.ts';

/** Seconds for all probes of one point, beyond the deadline of each. */
const LIMIT = 12;

/** Collects on the machine at the other end of an SSH connection. Rejects with PROBE_NO_PYTHON or the link's own errors. */
export function collectRemotely(connection: RemoteConnection): Collect {
  return async (actions, onRaw, signal) => {
    let ready = false;
    const lines = createLines((line) => {
      const { index, raw } = JSON.parse(line) as { index?: number; raw?: Raw };
      if (index !== undefined && raw !== undefined) onRaw(index, raw);
      ready = true;
    });
    // JSON within a Python string literal of JSON: both escape alike.
    const call = `main(json.loads(${JSON.stringify(JSON.stringify(actions))}))\n`;
    const { code, stderr } = await connection.exec('python3 -I -', {
      stdin: `${COLLECTOR}\n${call}`,
      onStdout: lines,
      capture: true,
      timeoutSeconds: LIMIT,
      signal,
    });
    if (!ready) throw noPython(connection.label, code, stderr);
  };
}

/** Cuts chunks into whole lines of JSON; what is none, such as a greeting of the login shell, is left out. */
function createLines(onLine: (line: string) => void): (chunk: Uint8Array) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) onLine(line);
  };
}

function noPython(label: string, code: number | null, stderr: string): BringupError {
  const text = stderr.trim().split('\n').at(-1) ?? '';
  return new BringupError({
    code: 'PROBE_NO_PYTHON',
    exit: EXIT.failed,
    message: `The probes did not run on the ${label}: ${text === '' ? `python3 ended with ${String(code)}` : text}.`,
    hint: 'Probing needs python3 there; nothing is installed for it.',
  });
}
