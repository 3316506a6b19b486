import { redfishError } from './redfish/errors.ts';
import { keyOf } from './redfish/uri.ts';
import type { RedfishReader, Resource } from './reader.ts';

/** Reads a machine out of resources that were kept on an earlier day, `{uri: resource}`, as if its BMC answered. */
export function createCaptureReader(resources: Readonly<Record<string, unknown>>): RedfishReader {
  const known = new Map(Object.entries(resources).map(([uri, value]) => [keyOf(uri), value]));
  const get = async (uri: string): Promise<Resource> => {
    const found = known.get(keyOf(uri));
    if (typeof found === 'object' && found !== null) return found as Resource;
    throw redfishError(
      'REDFISH_NOT_FOUND',
      `The capture holds no ${uri}.`,
      'It was made from a BMC without it.',
    );
  };
  return {
    get,
    async members(uri, onGap = () => undefined) {
      const { Members: listed } = await get(uri);
      const members = Array.isArray(listed) ? (listed as readonly unknown[]) : [];
      const read = await Promise.all(
        members.map(async (member) => {
          const link = (member as Resource | null)?.['@odata.id'];
          if (typeof link !== 'string') return undefined;
          try {
            return await get(link);
          } catch (error) {
            if (Object.keys(member as Resource).length > 1) return member as Resource;
            onGap(link, error);
            return undefined;
          }
        }),
      );
      return read.filter((member) => member !== undefined);
    },
  };
}
