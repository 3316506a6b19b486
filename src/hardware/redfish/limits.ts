/** What one client may use of time, memory and of its BMC. */
export interface Limits {
  /** Requests at once to one BMC. */
  readonly perBmc: number;
  /** Seconds for TCP connection and TLS handshake. */
  readonly connectSeconds: number;
  /** Seconds for one whole request, from the first byte sent to the last received. */
  readonly requestSeconds: number;
  /** Seconds that the logout may take. */
  readonly logoutSeconds: number;
  /** Bytes of one answer, unpacked. */
  readonly bodyBytes: number;
  /** Levels of nesting in one answer. */
  readonly depth: number;
  /** First pause before a retry; it doubles each time, and half of it is left to chance. */
  readonly backoffSeconds: number;
  /** Longest pause before a retry, also when the BMC asks for more by Retry-After. */
  readonly longestPauseSeconds: number;
  /** Pages of one collection. */
  readonly pages: number;
  /** Members of one collection. */
  readonly members: number;
}

/**
 * Four requests at once keep a BMC's small processor busy; more only queue there, and iDRACs then answer 503 or drop
 * connections. A minute is what an iDRAC 8 needs for its slowest collections. The largest resources in the field are
 * attribute registries of some megabytes.
 */
export const DEFAULT_LIMITS: Limits = {
  perBmc: 4,
  connectSeconds: 10,
  requestSeconds: 60,
  logoutSeconds: 8,
  bodyBytes: 32 * 1024 * 1024,
  depth: 64,
  backoffSeconds: 0.5,
  longestPauseSeconds: 20,
  pages: 500,
  members: 10_000,
};
