/** One rule looked at: what it wants, in words, and what was seen. */
export interface RuleResult {
  /** The snapshot field, such as `memory.total_gib` or `disks`. */
  readonly field: string;
  readonly matched: boolean;
  readonly wanted: string;
  readonly seen: string;
}

/** A profile that did not win, and exactly what it lacks (rules not matched) or why it lost. */
export interface NearMiss {
  readonly profile: string;
  readonly reason: string;
  readonly matched: number;
  readonly total: number;
  readonly lacks: readonly RuleResult[];
}

/** The profile of one host, explained. `ambiguous` (a tie) and `none` are findings for the engineer, never a silent pick. */
export interface HostMatch {
  readonly host: string;
  readonly status: 'matched' | 'ambiguous' | 'none';
  readonly profile?: string;
  /** One sentence: why this one, or why none. */
  readonly reason: string;
  /** Rules of the winner (or of the first of the tied), each with the value seen. */
  readonly rules: readonly RuleResult[];
  readonly near: readonly NearMiss[];
  /** The tied profiles, when ambiguous. */
  readonly tied?: readonly string[];
  /** The site file names the profile itself; `mismatches` are its rules that the machine does not meet. */
  readonly override?: { readonly reason?: string; readonly mismatches: readonly RuleResult[] };
}

export interface MatchResult {
  readonly hosts: readonly HostMatch[];
  /** Names of all profiles there are, the one that goes first first. */
  readonly profiles: readonly string[];
}

/** One requirement of a stack or application, held against one host. */
export interface CompatCheck {
  /** The stack's or application's name. */
  readonly application: string;
  readonly status: 'pass' | 'warn' | 'fail';
  readonly field: string;
  readonly wanted: string;
  readonly seen: string;
  /** Why it is needed, from the stack file. */
  readonly why?: string;
}

export interface HostCompat {
  readonly host: string;
  /** The worst of its checks; `unknown` when there is no snapshot of the host. */
  readonly status: 'pass' | 'warn' | 'fail' | 'unknown';
  readonly reason: string;
  readonly checks: readonly CompatCheck[];
}

export interface CompatResult {
  readonly hosts: readonly HostCompat[];
}
