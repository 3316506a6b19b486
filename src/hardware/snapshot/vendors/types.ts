/** Where something stands: a path of names inside the system, the manager or the service root. */
export interface Place {
  readonly from: 'root' | 'system' | 'manager';
  readonly path: readonly string[];
  /** What follows the link found there, such as `/Keys`. */
  readonly below?: string;
  /** Where to look when there is no such link; `{system}` and `{manager}` stand for their URIs. */
  readonly otherwise?: string;
}

/** What one maker does besides the standard. All of it is data: readers know the fields of this type, never a maker. */
export interface Vendor {
  readonly name: string;
  /** Matches `ServiceRoot.Vendor`, the system's maker, or a key under `Oem`. */
  readonly match: RegExp;
  /** Names of the BMC by `Manager.Model` or firmware; the first that matches. */
  readonly products?: readonly (readonly [RegExp, string])[];
  /** Licences: a collection, or a resource with a list of JSON texts. Names and states are tried in turn. */
  readonly licenses?: {
    readonly place: Place;
    readonly form: 'collection' | 'json-texts';
    readonly names: readonly (readonly string[])[];
    readonly states: readonly (readonly string[])[];
  };
  /** The maker's own job queue, which tells more than JobService. */
  readonly jobs?: Place;
  /** LLDP kept apart from the ports: a collection, and which field names the port, the switch and its port. */
  readonly neighbours?: {
    readonly place: Place;
    readonly port: string;
    readonly chassis: string;
    readonly switchPort: string;
    readonly stale: readonly [string, RegExp];
  };
  /** Adapters that the standard tree leaves out: a collection, each with a list of ports. */
  readonly adapters?: { readonly place: Place; readonly ports: string };
  /** Array controllers of trees older than Storage. */
  readonly arrays?: Place;
  /** Health by subsystem inside the system: an object whose entries are grades, or objects with a Status. */
  readonly subsystems?: { readonly path: readonly string[]; readonly name: RegExp };
  /** Sessions that the web server takes at once, where the maker fixes it. */
  readonly sessionLimit?: number;
  /** Entries of the firmware inventory, by Id or Name, that are not installed or not running. */
  readonly notInstalled?: RegExp;
}
