/** One machine asked without a site file. `url` is https, or http on loopback; `ca` is a PEM file, `pin` a certificate's SHA-256. */
export interface DirectBmc {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly ca?: string;
  readonly pin?: string;
}

/** What to discover: the BMCs of a site file, one BMC alone, or what BMCs answered on an earlier day. */
export interface DiscoverOptions {
  readonly file?: string;
  readonly bmc?: DirectBmc;
  /** Files of raw resources (`{uri: resource}`), read instead of asking a machine. */
  readonly captures?: readonly string[];
  /** Only these hosts of the site file. */
  readonly hosts?: readonly string[];
  /** Addresses to look in, beside those of the site file; BMCs found there are asked with `credential`. */
  readonly ranges?: readonly string[];
  /** A file of DHCP leases in which BMCs are looked for. */
  readonly leases?: string;
  readonly credential?: string;
  /** Pin the certificate of every BMC that shows one for the first time: the engineer has looked at them, or trusts the wire. */
  readonly acceptNewCertificates?: boolean;
  /** Pin only new certificates with these SHA-256 fingerprints (lower-case hex): those that the engineer has compared. */
  readonly acceptCertificates?: readonly string[];
  /** Fingerprint of the KVM host's SSH key that the engineer has compared, where BMCs are dialled through it. */
  readonly acceptHostKey?: string;
}

/** How far the discovery of this process is; `total` grows while ranges are looked through. */
export interface DiscoverProgress {
  readonly running: boolean;
  /** The site file, and when it began (ISO 8601); of the last one where none runs. */
  readonly file?: string;
  readonly started?: string;
  readonly done: number;
  readonly total: number;
  /** One line for each machine that is done, in the order in which they ended. */
  readonly ended: readonly {
    readonly bmc: string;
    readonly host?: string;
    readonly text: string;
    readonly ok: boolean;
  }[];
}

/** A site file and what was discovered there; without `hardware` (a file of `discover --json`) the newest discovery of the site. */
export interface HardwareInput {
  readonly file: string;
  readonly hardware?: string;
}
