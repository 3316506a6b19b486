import { BringupError } from '../../src/contract/errors.ts';
import { runTool, tryTool } from './run-tool.ts';

/** How this machine reaches Debian: one-line sources and apt.conf lines. */
export interface AptSettings {
  readonly sources: string;
  readonly options: string;
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const FORMAT = `$(ORIGIN) $(CODENAME) deb [signed-by=${KEYRING}] $(REPO_URI) $(RELEASE) $(COMPONENT)`;

/** Reads the Debian 12 mirrors and the proxy apt uses here; fetches apt's lists first where there are none yet. */
export async function readAptSettings(): Promise<AptSettings> {
  let sources = await readSources();
  if (sources.length === 0) {
    await runTool('apt-get', ['update', '-qq']);
    sources = await readSources();
  }
  if (sources.length === 0) {
    throw new BringupError({
      code: 'LAB_NO_MIRROR',
      message: 'apt on this machine knows no mirror of Debian 12 (bookworm), of which the lab is made.',
      hint: 'Add one under /etc/apt/sources.list.d, run "apt-get update", then bring the lab up again.',
    });
  }
  const proxies = ['http', 'https'].map((scheme) => `Acquire::${scheme}::Proxy`);
  const options = await runTool('apt-config', ['dump', '--no-empty', '--format', '%F "%v";%n', ...proxies]);
  return {
    sources: `${[...new Set(sources)].sort().join('\n')}\n`,
    options: options === '' ? '' : `${options}\n`,
  };
}

async function readSources(): Promise<string[]> {
  const targets = await tryTool('apt-get', ['indextargets', '--format', FORMAT, 'Created-By: Packages']);
  const lines = targets.ok ? targets.stdout.split('\n') : [];
  return lines.flatMap((line) => /^Debian bookworm\S* (deb .*)$/.exec(line)?.[1] ?? []);
}
