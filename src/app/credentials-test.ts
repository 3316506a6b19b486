import type {
  CredentialTarget,
  CredentialTestInput,
  CredentialTestResult,
  CredentialUse,
} from '../contract/api.ts';
import { BringupError, EXIT, toErrorData } from '../contract/errors.ts';
import type { Credential, CredentialStore } from '../contract/ports.ts';
import { explainFailure, type Catalogue } from '../failures/index.ts';
import { suggest, type DraftSite } from '../site/index.ts';
import { isRefusal, tryCarefully, type LoginOutcome } from './credentials-careful.ts';
import { planLogin, type PlannedLogin } from './credentials-logins.ts';
import { openWays } from './credentials-ways.ts';
import { loginTargets, type LoginTarget } from './credentials-targets.ts';
import { credentialUses } from './credentials-uses.ts';
import { missingCredential } from './credentials-missing.ts';
import type { BringupPorts } from './ports.ts';
import { openSiteFile } from './site.ts';
import { readCatalogue } from './stacks.ts';

/**
 * `credentials.test`: logs in to every machine of the site file that the credential opens, once each, and stops at the
 * first one that refuses. `candidate` is tried in place of what is stored. Rejects with CREDENTIAL_MISSING,
 * CREDENTIALS_UNUSED.
 */
export async function testCredential(
  ports: BringupPorts,
  { name, file, accept = [] }: CredentialTestInput,
  candidate?: Credential,
): Promise<CredentialTestResult> {
  const site = (await openSiteFile(file)).draft ?? {};
  const targets = loginTargets(site, name);
  if (targets.length === 0) throw notTestable(site, name, file);
  const store =
    candidate === undefined ? ports.credentials : withCandidate(ports.credentials, name, candidate);
  const credential = candidate ?? (await store.get(name));
  if (credential === null) throw missingCredential(name);
  const catalogue = await readCatalogue(ports.playbooks);
  const ways = await openWays({ ...ports, credentials: store }, { site, file, accept });
  try {
    const plan = (chosen: readonly LoginTarget[]): PlannedLogin[] =>
      chosen.map((target) => planLogin(target, credential, ways));
    // SSH and Redfish accounts are different ones, even of one name: a refusal here says nothing about those there.
    const ssh = targets.filter(({ target }) => target !== 'bmc');
    const bmcs = targets.filter(({ target }) => target === 'bmc');
    const told: CredentialTarget[] = [];
    for (const group of [ssh, bmcs]) {
      const logins = plan(group);
      const outcomes = await tryCarefully(logins);
      for (const [index, target] of group.entries()) {
        const outcome = { ...outcomes[index], shown: logins[index]?.shown() };
        told.push(tell(name, target, credential, outcome, catalogue));
      }
    }
    return { name, ok: told.every(({ ok }) => ok), targets: told };
  } finally {
    ways.close();
  }
}

function tell(
  name: string,
  { target, host, address, port, user }: LoginTarget,
  credential: Credential,
  { thrown, shown }: LoginOutcome & { readonly shown: string | undefined },
  catalogue: Catalogue,
): CredentialTarget {
  const head = { target, ...(host === undefined ? {} : { host }), address: `${address}:${port}` };
  const account = user ?? credential.username ?? 'the user';
  if (thrown === undefined) return { ...head, ok: true, refused: false, text: `It lets ${account} in.` };
  // What nobody expected is a fault of Bringup and must not look like one of the machine.
  if (!(thrown instanceof BringupError)) throw thrown as Error;
  const { code, message, hint, evidence } = toErrorData(thrown);
  const named = { run: '', site: '', at: '', version: '' };
  const where = { stage: '', runs_on: '' };
  const { key } = explainFailure({ what: message, where, message, code, evidence }, catalogue, named).why;
  return {
    ...{ ...head, ok: false, refused: isRefusal(thrown), text: message },
    ...(hint === undefined ? {} : { hint: hint.replace('credentials set NAME', `credentials set ${name}`) }),
    ...(key === null ? {} : { key }),
    ...(shown === undefined ? {} : { fingerprint: shown }),
  };
}

/** The store with one value replaced, for a value that has yet to prove itself. */
function withCandidate(store: CredentialStore, name: string, candidate: Credential): CredentialStore {
  return { ...store, get: async (asked) => (asked === name ? candidate : store.get(asked)) };
}

function notTestable(site: DraftSite, name: string, file: string): BringupError {
  const uses = credentialUses(site);
  const code = 'CREDENTIALS_UNUSED';
  const own = uses.filter((use) => use.name === name);
  if (own.length === 0) {
    const near = suggest(
      name,
      uses.map((use) => use.name),
    );
    const names = [...new Set(uses.map((use) => use.name))].join(', ');
    return new BringupError({
      ...{ code, exit: EXIT.invalid, message: `${file} names no credential ${name}.` },
      hint: near === undefined ? `It names: ${names || 'none'}.` : `Did you mean ${near}?`,
    });
  }
  const places = own.map(({ path }) => path.replace(/^\$\./, '')).join(', ');
  return new BringupError({
    ...{ code, exit: EXIT.invalid, message: `There is no machine yet to try ${name} at.` },
    hint:
      NOT_HERE.find(([target]) => own.every((use) => use.target === target))?.[1](file) ??
      `The site file names it (${places}), but without a user or an address to log in to.`,
  });
}

/** Who takes a credential only in a run, and where it is tried then. */
const NOT_HERE: readonly (readonly [CredentialUse['target'], (file: string) => string])[] = [
  [
    'discovery',
    (file) => `It is used for BMCs that a discovery finds; try it with: bringup discover ${file}`,
  ],
  ['ome', () => 'It is used for OpenManage Enterprise; the stage ome tries it, once.'],
  [
    'repository',
    () => 'It is given to the share of the repository by the stage repository, which then tries it.',
  ],
  ['registry', () => 'The stage rke2 gives it to the servers, which log in to the registry with it.'],
  ['rke2', () => 'It is the token of the cluster, which the stage rke2 makes with it.'],
];
