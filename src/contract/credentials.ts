import type { Credential, CredentialPlace } from './ports.ts';

export type { CredentialPlace, CredentialStoreState } from './ports.ts';

/** What a credential holds; its value never leaves the store towards a window. */
export type CredentialKind = 'password' | 'key' | 'both';

/** One stored credential. */
export interface StoredCredential {
  readonly name: string;
  readonly kind: CredentialKind;
  readonly store: CredentialPlace;
  /** The account it is for, where one was stored with it. */
  readonly username?: string;
}

/** One place of a site file that names a credential. `path` is its JSON path, such as `$.hosts[0].bmc.credential`. */
export interface CredentialUse {
  readonly target: 'kvm-host' | 'server' | 'bmc' | 'discovery' | 'ome' | 'repository' | 'registry' | 'rke2';
  readonly host?: string;
  readonly path: string;
}

/** A name that a site file wants. `stored` is missing where nothing of that name is kept. */
export interface WantedCredential {
  readonly name: string;
  readonly uses: readonly CredentialUse[];
  readonly stored?: StoredCredential;
  /** Why what is stored cannot do: a BMC wants a user name and a password, not a key. */
  readonly problem?: string;
}

/** Without `file` only what is stored; with it also which names the site file wants. */
export interface CredentialsQuery {
  readonly file?: string;
}

export interface CredentialList {
  /** Where new ones are kept. */
  readonly store: CredentialPlace;
  readonly names: readonly string[];
  readonly credentials: readonly StoredCredential[];
  /** Only where a site file was named; also of a file that has errors. */
  readonly wanted?: readonly WantedCredential[];
}

/** What is tried with a credential, and which unknown machines to believe. */
export interface CredentialTestInput {
  readonly name: string;
  /** The site file whose machines are tried. */
  readonly file: string;
  /** Fingerprints of SSH host keys and BMC certificates that the engineer has compared: they are pinned. */
  readonly accept?: readonly string[];
}

/** One machine that was tried, or left out with the reason. */
export interface CredentialTarget {
  readonly target: 'kvm-host' | 'server' | 'bmc';
  readonly host?: string;
  /** `10.20.0.5:22` */
  readonly address: string;
  readonly ok: boolean;
  /** The machine itself said no to user, password or key. */
  readonly refused: boolean;
  /** One sentence: how it went. */
  readonly text: string;
  /** What to do, where it did not go well. */
  readonly hint?: string;
  /** Cause key of the failure catalogue, such as `ssh.auth_failed`. */
  readonly key?: string;
  /** Fingerprint of a host key or certificate that nobody has confirmed yet: give it as `accept` once compared. */
  readonly fingerprint?: string;
}

export interface CredentialTestResult {
  readonly name: string;
  /** Every machine let us in. */
  readonly ok: boolean;
  readonly targets: readonly CredentialTarget[];
}

/**
 * Stores a credential. With `prove` the new value is tried at the machines of that site file first, and replaces the old
 * one only where at least one machine took it and none refused it.
 */
export interface CredentialSetInput {
  readonly name: string;
  readonly credential: Credential;
  readonly prove?: Omit<CredentialTestInput, 'name'>;
}

/** `stored` is false where the new value did not prove itself: the old one is untouched. */
export interface CredentialSetResult {
  readonly stored: boolean;
  readonly targets?: readonly CredentialTarget[];
}

/**
 * Asks which store is in use, or chooses one. The file is the explicit alternative where there is no keychain: its
 * passphrase is asked for, opens it or makes it, and is kept in memory only.
 */
export interface CredentialStoreInput {
  readonly use?: 'keychain' | 'file';
  readonly passphrase?: string;
}
