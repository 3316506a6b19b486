import { createHash } from 'node:crypto';
import type { BringupError } from '../contract/errors.ts';
import type { HostKeyStore } from '../contract/ports.ts';
import { linkError, nameOf } from './errors.ts';
import type { RemoteTarget } from './types.ts';

/** Fingerprint of a host key blob as `ssh-keygen -l` prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** What to do about the key a machine shows: `pin` is to be stored, `error` refuses it. */
export type HostKeyVerdict =
  | { readonly trusted: true; readonly pin?: string }
  | { readonly trusted: false; readonly error: BringupError };

/**
 * Judges a host key. The site file's (or the KVM host's) word comes first and cannot be overruled; then what was pinned;
 * an unknown or changed key passes only when the engineer accepted exactly this fingerprint, and is then pinned.
 */
export async function judgeHostKey(
  target: RemoteTarget,
  store: HostKeyStore,
  seen: string,
): Promise<HostKeyVerdict> {
  const expected = target.expectedFingerprint;
  if (expected !== undefined) {
    return expected === seen
      ? { trusted: true }
      : { trusted: false, error: unexpected(target, expected, seen) };
  }
  const pinned = await store.get(`${target.host}:${target.port}`);
  if (pinned === seen) return { trusted: true };
  if (target.acceptFingerprint === seen) return { trusted: true, pin: seen };
  return { trusted: false, error: pinned === null ? unknown(target, seen) : changed(target, pinned, seen) };
}

function unknown(target: RemoteTarget, seen: string): BringupError {
  const other =
    target.acceptFingerprint === undefined ? '' : ` It is not the accepted one, ${target.acceptFingerprint}.`;
  return linkError(
    'SSH_HOST_KEY_UNKNOWN',
    `First contact with ${nameOf(target)}: it shows the SSH host key ${seen}, which nobody has confirmed yet.${other}`,
    `Compare it on the machine's console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub). If it is the same, add --accept-host-key ${seen}`,
    { evidence: [{ source: 'host key shown', text: seen }] },
  );
}

function changed(target: RemoteTarget, pinned: string, seen: string): BringupError {
  return linkError(
    'SSH_HOST_KEY_CHANGED',
    `The SSH host key of ${nameOf(target)} has changed: it was ${pinned} and now is ${seen}. Somebody may be in between.`,
    `Go on only if the machine was installed anew: compare on its console, then add --accept-host-key ${seen}`,
    keys('host key pinned at an earlier contact', pinned, seen),
  );
}

function unexpected(target: RemoteTarget, expected: string, seen: string): BringupError {
  return linkError(
    'SSH_HOST_KEY_CHANGED',
    `${nameOf(target)} shows the SSH host key ${seen}, but ${expected} was expected. This may be another machine.`,
    'Check that the address is right. If the machine was installed anew, correct its host_key in the site file.',
    keys('host key expected', expected, seen),
  );
}

function keys(
  source: string,
  before: string,
  seen: string,
): { evidence: { source: string; text: string }[] } {
  return {
    evidence: [
      { source, text: before },
      { source: 'host key shown', text: seen },
    ],
  };
}
