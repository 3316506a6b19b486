import { runTool, tryTool } from './run-tool.ts';

/** How this machine reaches Debian: one-line sources and apt.conf lines. */
export interface AptSettings {
  readonly sources: string;
  readonly options: string;
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const FORMAT = `$(ORIGIN) $(CODENAME) deb [signed-by=${KEYRING}] $(REPO_URI) $(RELEASE) $(COMPONENT)`;

/** Reads the Debian 12 mirrors and the proxy apt uses here; Debian's own mirror where apt knows none. */
export async function readAptSettings(): Promise<AptSettings> {
  const targets = await tryTool('apt-get', ['indextargets', '--format', FORMAT, 'Created-By: Packages']);
  const lines = targets.ok ? targets.stdout.split('\n') : [];
  const sources = lines.flatMap((line) => /^Debian bookworm\S* (deb .*)$/.exec(line)?.[1] ?? []);
  const proxies = ['http', 'https'].map((scheme) => `Acquire::${scheme}::Proxy`);
  const options = await runTool('apt-config', ['dump', '--no-empty', '--format', '%F "%v";%n', ...proxies]);
  return {
    sources: `${[...new Set(sources.length > 0 ? sources : debianDefault())].sort().join('\n')}\n`,
    options: options === '' ? '' : `${options}\n`,
  };
}

function debianDefault(): readonly string[] {
  const deb = `deb [signed-by=${KEYRING}]`;
  return [
    `${deb} http://deb.debian.org/debian/ bookworm main`,
    `${deb} http://deb.debian.org/debian/ bookworm-updates main`,
    `${deb} http://deb.debian.org/debian-security/ bookworm-security main`,
  ];
}
