import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  makeSigningKey,
  publicHalf,
  publicKeyFingerprint,
  readBundle,
  writeBundle,
  type BundleSource,
} from '../bundle/index.ts';
import type { CommandInput, CommandName, CommandOutput } from '../contract/api.ts';
import type {
  BundleCreated,
  BundleCreateInput,
  BundleKey,
  BundleProgress,
  BundleVerified,
  BundleVerifyInput,
} from '../contract/bundle.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import { lookAtBundle } from './bundle-look.ts';
import { bundleSources } from './bundle-sources.ts';
import { missingCredential } from './credentials-missing.ts';
import { checkCredentialName } from './credentials-set.ts';
import { packProject } from './pack.ts';
import type { BringupPorts } from './ports.ts';
import { shippedTree } from './stacks-places.ts';

type BundlePorts = Pick<BringupPorts, 'credentials' | 'playbooks' | 'redactor'>;
type BundleCommand = Extract<CommandName, `bundle.${string}`>;
type BundleHandlers = { [C in BundleCommand]: (input: CommandInput<C>) => Promise<CommandOutput<C>> };

const IDLE: BundleProgress = { running: false, done: 0, total: 0 };

/** Commands about bundles: one is made or proved at a time in a process. */
export function bundleHandlers(ports: BundlePorts): BundleHandlers & { close(): void } {
  let progress = IDLE;
  let current: AbortController | undefined;
  let packed: Promise<string> | undefined;
  // What came with an installation does not change while it runs.
  const ownPlaybooks = (): Promise<string> => (packed ??= hashOfProject(ports));

  async function alone<T>(work: (watch: Watch) => Promise<T>): Promise<T> {
    if (current !== undefined) throw busy();
    current = new AbortController();
    progress = { ...IDLE, running: true };
    const onProgress: Watch['onProgress'] = (told) => {
      progress = { running: true, ...told };
    };
    try {
      return await work({ signal: current.signal, onProgress });
    } finally {
      current = undefined;
      progress = { ...progress, running: false };
    }
  }
  const cancel = (): boolean => {
    current?.abort();
    return current !== undefined;
  };
  return {
    'bundle.create': async (input) => alone((watch) => createBundle(ports, input, watch)),
    'bundle.verify': async (input) => alone((watch) => verifyBundle(input, watch)),
    'bundle.look': async ({ file }) => lookAtBundle(file, { playbooks: ports.playbooks, ownPlaybooks }),
    'bundle.progress': async () => progress,
    'bundle.cancel': async () => ({ cancelled: cancel() }),
    'bundle.key': async ({ name }) => bundleKey(ports, name),
    close: cancel,
  };
}

interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: (told: Omit<BundleProgress, 'running'>) => void;
}

async function createBundle(
  ports: BundlePorts,
  { sources, file, key, unsigned }: BundleCreateInput,
  watch: Watch,
): Promise<BundleCreated> {
  if (key === undefined && unsigned !== true) throw keyNeeded();
  const privateKey = key === undefined ? undefined : await signingKey(ports, key);
  const gathered: BundleSource[] = [];
  for (const given of sources) gathered.push(...(await bundleSources(given, ports.playbooks)));
  const project = await packProject(shippedTree(ports.playbooks));
  try {
    const target = path.resolve(file);
    const written = await writeBundle(
      target,
      [...gathered, { path: 'playbooks/project.tar.gz', kind: 'playbooks', from: project.path }],
      { ...watch, ...(privateKey === undefined ? {} : { privateKey }) },
    );
    return {
      file: target,
      ...written,
      signed: privateKey !== undefined,
      ...(privateKey === undefined ? {} : { fingerprint: publicHalf(privateKey).fingerprint }),
    };
  } finally {
    await project.dispose();
  }
}

async function hashOfProject({ playbooks }: BundlePorts): Promise<string> {
  const { sha256, dispose } = await packProject(shippedTree(playbooks));
  await dispose();
  return sha256;
}

async function verifyBundle(
  { file, key, unsigned }: BundleVerifyInput,
  watch: Watch,
): Promise<BundleVerified> {
  const wanted = key === undefined ? undefined : await wantedFingerprint(key);
  const target = path.resolve(file);
  const found = await readBundle(target, {
    ...watch,
    ...(wanted === undefined ? {} : { key: wanted }),
    ...(unsigned === undefined ? {} : { unsigned }),
  });
  const { bytes, sha256, signature, problems } = found;
  return {
    ...{ ok: problems.length === 0, file: target, bytes, signature, problems },
    ...(sha256 === undefined ? {} : { sha256 }),
    files: found.files.map(({ offset: _offset, ...rest }) => rest),
  };
}

/** A fingerprint as it is, or that of the public key in a file. */
async function wantedFingerprint(key: string): Promise<string> {
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(key)) return key;
  const pem = await readFile(key, 'utf8').catch(() => '');
  const fingerprint = publicKeyFingerprint(pem);
  if (fingerprint !== undefined) return fingerprint;
  throw new BringupError({
    code: 'BUNDLE_KEY_UNREADABLE',
    exit: EXIT.invalid,
    message: `${key} is neither a fingerprint (SHA256:...) nor the file of an ed25519 public key.`,
    hint: 'The back office shows both with: bringup bundle key NAME',
  });
}

async function bundleKey(ports: BundlePorts, name: string): Promise<BundleKey> {
  checkCredentialName(name);
  const stored = await ports.credentials.get(name);
  const made = stored === null;
  const privateKey = stored === null ? makeSigningKey() : (stored.privateKey ?? '');
  const { publicKey, fingerprint } = publicHalf(privateKey);
  if (made) {
    ports.redactor?.add(name, { privateKey });
    await ports.credentials.set(name, { privateKey });
  }
  return { name, made, fingerprint, public_key: publicKey };
}

async function signingKey({ credentials }: BundlePorts, name: string): Promise<string> {
  const stored = await credentials.get(name);
  if (stored !== null) return stored.privateKey ?? '';
  const { code, message, exit } = missingCredential(name);
  throw new BringupError({ code, message, exit, hint: `Make a key with: bringup bundle key ${name}` });
}

function keyNeeded(): BringupError {
  return new BringupError({
    code: 'BUNDLE_KEY_NEEDED',
    exit: EXIT.invalid,
    message: 'Nothing says which key the bundle is to be signed with.',
    hint: 'Name one with --key NAME (made by: bringup bundle key NAME), or say --unsigned.',
  });
}

function busy(): BringupError {
  return new BringupError({
    code: 'BUNDLE_BUSY',
    message: 'A bundle is being made or proved already.',
    hint: 'Wait for its end, or cancel it.',
  });
}
