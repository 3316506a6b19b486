/** A Redfish resource as JSON. */
export type Resource = Readonly<Record<string, unknown>>;

/** Reads one machine's resources. Rejects with BringupError REDFISH_* (the code says: not found, refused, malformed, unreachable...). */
export interface RedfishReader {
  get(uri: string): Promise<Resource>;
  /** Every member of a collection, whole: expanded where the service can, pages followed. A member that cannot be read is told to onGap and left out. */
  members(uri: string, onGap?: (uri: string, error: unknown) => void): Promise<readonly Resource[]>;
}
