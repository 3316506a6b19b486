import { BringupError } from '../../contract/errors.ts';
import type { Resource } from '../reader.ts';
import { redfishError } from './errors.ts';
import { isObject } from './json.ts';
import { ROOT } from './uri.ts';

/**
 * Reads the service root with its slash, as the standard writes it, and without where a BMC has it only so. What
 * answers with anything else is no BMC: REDFISH_NOT_REDFISH.
 */
export async function readServiceRoot(
  name: string,
  read: (path: string) => Promise<Resource>,
): Promise<Resource> {
  try {
    return checked(name, await read(ROOT));
  } catch (thrown) {
    if (codeOf(thrown) === 'REDFISH_NOT_FOUND') {
      return checkedLater(name, read(ROOT.slice(0, -1))).catch((again: unknown) => {
        throw ['REDFISH_NOT_FOUND', 'REDFISH_MALFORMED'].includes(codeOf(again))
          ? notRedfish(name, again)
          : again;
      });
    }
    const isElse =
      codeOf(thrown) === 'REDFISH_MALFORMED' && /web page|no object|empty/.test((thrown as Error).message);
    throw isElse ? notRedfish(name, thrown) : thrown;
  }
}

async function checkedLater(name: string, reading: Promise<Resource>): Promise<Resource> {
  return checked(name, await reading);
}

/** A password goes only to what looks like a BMC, not to any server that answers everything with some JSON. */
function checked(name: string, root: Resource): Resource {
  const type = root['@odata.type'];
  const isRoot =
    typeof root['RedfishVersion'] === 'string' ||
    (typeof type === 'string' && type.includes('ServiceRoot')) ||
    ['Systems', 'Managers', 'Chassis'].some((part) => isObject(root[part]));
  if (!isRoot) throw notRedfish(name, undefined);
  return root;
}

function codeOf(thrown: unknown): string {
  return thrown instanceof BringupError ? thrown.code : '';
}

function notRedfish(name: string, cause: unknown): BringupError {
  return redfishError(
    'REDFISH_NOT_REDFISH',
    `${name} answers by HTTP, but not as a BMC with Redfish does: there is nothing useful under ${ROOT}.`,
    'Check the address: it may be a switch, a printer or another web server. If it is a BMC, enable Redfish on it or update its firmware.',
    { cause, ...(cause instanceof BringupError ? { evidence: cause.evidence } : {}) },
  );
}
