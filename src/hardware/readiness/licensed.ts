/** Licences without which a BMC refuses virtual media, by maker, as their own feature tables say. */
export interface LicenseRule {
  /** Matches the BMC's product or the machine's maker. */
  readonly applies: RegExp;
  /** Matches the name of a licence that allows it. */
  readonly allows: RegExp;
  /** What to ask for. */
  readonly wanted: string;
}

/** The first rule that applies counts; a machine without a rule needs no licence. */
export const VIRTUAL_MEDIA: readonly LicenseRule[] = [
  {
    applies: /idrac|dell/i,
    allows: /enterprise|datacenter|secured component verification/i,
    wanted: 'iDRAC Enterprise or Datacenter',
  },
  {
    applies: /\bilo\b|^hpe?\b/i,
    allows: /advanced|scale-out|evaluation/i,
    wanted: 'iLO Advanced',
  },
  {
    // XCC 1 and 2 mount remote media from the Enterprise (later Advanced or Platinum) level on.
    applies: /xcc|xclarity|lenovo/i,
    allows: /enterprise|advanced|platinum|premier/i,
    wanted: 'XClarity Controller Enterprise, Advanced or Platinum',
  },
  {
    applies: /supermicro/i,
    allows: /dcms|oob|sum/i,
    wanted: 'SFT-OOB-LIC or SFT-DCMS-SINGLE',
  },
];
