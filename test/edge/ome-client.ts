import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { OmeSimulator } from '../../main/lab/ome/index.ts';
import type { Json } from '../unit/ome-appliance.ts';
import type { OmeRig } from './ome-rig.ts';

/** The answer of an OME: status, headers, and the body as JSON where there is one. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: Json;
}

/** A client of a simulated OME that verifies its certificate and logs in by basic authentication. */
export interface OmeClient {
  /** `path` is below `/api/` unless it begins with a slash. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Waits for the end of a job; answers its last status, and what it said of each device. */
  ended(
    jobId: number,
  ): Promise<{ readonly status: number; readonly details: Readonly<Record<string, string>> }>;
  /** The ids of devices by their service tags. */
  ids(): Promise<Readonly<Record<string, number>>>;
}

export function omeClient(ome: OmeSimulator): OmeClient {
  const { username, password } = ome.login;
  const ask: OmeClient['ask'] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const request = https.request(
        new URL(path.startsWith('/') ? path : `/api/${path}`, ome.url),
        {
          method,
          ca: ome.certificate.pem,
          auth: `${username}:${password}`,
          headers: { 'Content-Type': 'application/json' },
          agent: false,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const json = (text === '' ? undefined : JSON.parse(text)) as Json;
            resolve({ status: response.statusCode ?? 0, headers: response.headers, json });
          });
        },
      );
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    ask,
    ended: async (jobId) => {
      for (;;) {
        const { json: job } = await ask('GET', `JobService/Jobs(${jobId})`);
        if (![2050, 2200].includes(job.LastRunStatus.Id)) {
          const histories = (await ask('GET', `JobService/Jobs(${jobId})/ExecutionHistories`)).json;
          const id = String(histories.value[0]?.Id);
          const { json } = await ask(
            'GET',
            `JobService/Jobs(${jobId})/ExecutionHistories(${id})/ExecutionHistoryDetails?$top=99`,
          );
          const details = json.value.map((detail) => [
            detail.Key,
            `${detail.JobStatus.Name}: ${detail.Value}`,
          ]);
          return { status: job.LastRunStatus.Id, details: Object.fromEntries(details) };
        }
        await sleep(50);
      }
    },
    ids: async () => {
      const { json } = await ask('GET', 'DeviceService/Devices');
      return Object.fromEntries(json.value.map((device) => [device.DeviceServiceTag, device.Id]));
    },
  };
}

/** A discovery of addresses with one login on one port, as a payload. */
export function discoveryOf(addresses: readonly string[], port: number, password: string): unknown {
  const credentials = { username: 'root', password, port, caCheck: false };
  return {
    DiscoveryConfigGroupName: 'rack-1',
    DiscoveryConfigModels: [
      {
        DiscoveryConfigTargets: addresses.map((NetworkAddressDetail) => ({ NetworkAddressDetail })),
        ConnectionProfile: JSON.stringify({ credentials: [{ type: 'REDFISH', credentials }] }),
        DeviceType: [1000],
      },
    ],
    Schedule: { RunNow: true, RunLater: false, Cron: 'startnow' },
  };
}

/** Discovers the first two servers of a rig and waits for it. */
export async function discoverTwo(rig: OmeRig, client: OmeClient): Promise<void> {
  for (const bmc of rig.bmcs.slice(0, 2)) {
    const { hostname, port } = new URL(bmc.url);
    const payload = discoveryOf([hostname], Number(port), bmc.login.password);
    const { json } = await client.ask('POST', 'DiscoveryConfigService/DiscoveryConfigGroups', payload);
    expect((await client.ended(json.DiscoveryConfigTaskParam[0].TaskId)).status).toBe(2060);
  }
}
