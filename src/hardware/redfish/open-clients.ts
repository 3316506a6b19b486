/** What can be closed. */
interface Closable {
  close(): Promise<void>;
}

const open = new Set<Closable>();
let watches = false;

/** Remembers a client until the returned function is called, so that its session does not outlive the process. */
export function keepOpen(client: Closable): () => void {
  open.add(client);
  if (!watches) {
    watches = true;
    process.on('beforeExit', () => void logOutEverywhere());
  }
  return () => open.delete(client);
}

/** Ends every open session, each within its logout limit; for hosts that are about to end the process. */
export async function logOutEverywhere(): Promise<void> {
  await Promise.all([...open].map((client) => client.close()));
}
