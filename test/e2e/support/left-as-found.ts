import { execa } from 'execa';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../main/cli/bin.mjs', import.meta.url));

/** Whether anything of the lab is there, in whatever state. */
async function isThere(): Promise<boolean> {
  const { stdout } = await execa('node', [BIN, 'lab', 'status', '--json'], { reject: false });
  const { state } = JSON.parse(stdout) as { state: string };
  return state !== 'down';
}

/** The lab is shared by the tests, since it takes long to come up. Afterwards it is removed, unless it was there before. */
export default async function leftAsFound(): Promise<(() => Promise<void>) | undefined> {
  if (await isThere()) return undefined;
  return async () => {
    await execa('node', [BIN, 'lab', 'down'], { stdio: 'ignore' });
  };
}
