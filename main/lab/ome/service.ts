import { baselineRoutes, runBaselineJob } from './baselines.ts';
import { catalogRoutes, runCatalogJob } from './catalogs.ts';
import { runComplianceJob, runRemediation } from './compliance.ts';
import { complianceRoutes } from './compliance-routes.ts';
import { runDeployment } from './deployment.ts';
import { deviceRoutes, runInventory } from './devices.ts';
import { runDiscoveryJob } from './discovery.ts';
import { discoveryRoutes } from './discovery-routes.ts';
import { type OmeAnswer, OmeRefusal, refusal, unknownUri } from './errors.ts';
import { takeOmePathFault } from './faults.ts';
import { groupRoutes } from './groups.ts';
import { jobRoutes } from './job-routes.ts';
import { objectOf } from './json.ts';
import { profileRoutes } from './profile-routes.ts';
import { createRouter, ok } from './router.ts';
import { type OmeSessions, type RequestHeaders, createOmeSessions } from './sessions.ts';
import { templateRoutes } from './template-routes.ts';
import { runTemplateJob } from './templates.ts';
import type { JobRunner, Json, Ome } from './types.ts';
import { updatePackageRoutes } from './update-packages.ts';
import { runUpdate } from './updates.ts';

/** One HTTP request; `url` with its query, header names in lower case. */
export interface OmeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
}

/** One OME without its network: requests in, answers out. */
export interface OmeService {
  readonly sessions: OmeSessions;
  answer(request: OmeRequest): Promise<OmeAnswer>;
}

/** What does the work of each type of job. */
export const JOB_RUNNERS: Readonly<Record<string, JobRunner>> = {
  Discovery_Task: runDiscoveryJob,
  Inventory_Task: runInventory,
  Catalog_Task: runCatalogJob,
  Baseline_Task: runBaselineJob,
  Update_Task: runUpdate,
  Template_Task: runTemplateJob,
  Device_Config_Task: runDeployment,
  Config_Compliance_Task: runComplianceJob,
  Remediation_Task: runRemediation,
};

/** What an OME says of itself. Modules read the version to know which names its parameters have. */
const INFO: Json = {
  '@odata.context': '/api/$metadata#ApplicationService.Info',
  Name: 'OM Enterprise (simulated)',
  Description: 'Simulated OpenManage Enterprise',
  Vendor: 'Bringup',
  ProductType: 1,
  Version: '3.9.0',
  BuildNumber: '1',
  OperationJobId: 0,
};

const route = createRouter([
  ['GET', 'ApplicationService/Info', () => ok(INFO)],
  ...deviceRoutes,
  ...groupRoutes,
  ...jobRoutes,
  ...discoveryRoutes,
  ...catalogRoutes,
  ...baselineRoutes,
  ...updatePackageRoutes,
  ...templateRoutes,
  ...profileRoutes,
  ...complianceRoutes,
]);

/** The REST service of one OME. */
export function createOmeService(ome: Ome): OmeService {
  const sessions = createOmeSessions(ome.login, ome.now);
  return {
    sessions,
    answer: async (request) => {
      try {
        return await answer(request);
      } catch (error) {
        if (error instanceof OmeRefusal) return error.answer;
        throw error;
      }
    },
  };

  async function answer(request: OmeRequest): Promise<OmeAnswer> {
    const [rawPath = '', search = ''] = request.url.split(/\?(.*)/s);
    const path = decode(rawPath)
      .replaceAll(/\/{2,}/g, '/')
      .replace(/\/$/, '');
    refuseWhenUnavailable(path);
    const below = /^\/api(?:\/(.*))?$/i.exec(path)?.[1];
    if (below === undefined) throw unknownUri();
    const query = new URLSearchParams(search);
    const body = bodyOf(request);
    if (request.method === 'POST' && /^SessionService\/Sessions$/i.test(below)) return sessions.login(body);
    if (takeOmePathFault(ome.faults, 'session-ended', path) !== undefined) sessions.end();
    const refused = sessions.refuse(request.headers);
    if (refused !== undefined) throw refused;
    const session = sessionCall(request.method, below, query);
    if (session !== undefined) return session;
    const found = route(request.method, below);
    if (found === undefined) throw unknownUri();
    if ('allow' in found)
      throw refusal(405, 'CGEN1005', `The method ${request.method} is not supported here.`, {
        headers: { Allow: found.allow.join(', ') },
      });
    return found.handler({ ome, params: found.params, query, body, raw: request.body });
  }

  function sessionCall(method: string, path: string, query: URLSearchParams): OmeAnswer | undefined {
    if (method === 'GET' && /^SessionService\/Sessions$/i.test(path)) return sessions.list(query);
    const id = /^SessionService\/Sessions\('([^']*)'\)$/i.exec(path)?.[1];
    if (id === undefined) return undefined;
    if (method === 'DELETE') return sessions.delete(id);
    return method === 'GET' ? sessions.read(id) : undefined;
  }

  function refuseWhenUnavailable(path: string): void {
    const fault = takeOmePathFault(ome.faults, 'unavailable', path);
    if (fault === undefined) return;
    const { retryAfter } = fault;
    throw refusal(503, 'CGEN1010', 'The service is temporarily unavailable.', {
      resolution: 'Wait and retry the operation.',
      ...(retryAfter === undefined ? {} : { headers: { 'Retry-After': String(retryAfter) } }),
    });
  }
}

function bodyOf({ headers, body }: OmeRequest): Json {
  if (body.length === 0 || String(headers['content-type'] ?? '').includes('octet-stream')) return {};
  try {
    return objectOf(JSON.parse(body.toString('utf8')));
  } catch {
    throw refusal(400, 'CGEN1013', 'Unable to process the request because the body is no valid JSON.');
  }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
