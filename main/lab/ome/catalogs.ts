import { readCatalog } from './catalog-document.ts';
import { invalidValue, refusal, unknownUri } from './errors.ts';
import { takeOmeFault } from './faults.ts';
import { fetchFile } from './fetch-file.ts';
import { COMPLETED, addJob, findJob, startJob } from './jobs.ts';
import { idsOf, neededText, objectOf, textOf, timeOf } from './json.ts';
import { collection, single } from './query.ts';
import { type OmeCall, type Route, created, done, ok } from './router.ts';
import type { Catalog, Job, JobResult, Json, Ome } from './types.ts';

const PATH = '/api/UpdateService/Catalogs';
const TYPE = 'UpdateService.Catalogs';

/** Firmware catalogs: where they are, and what was read there. */
export const catalogRoutes: readonly Route[] = [
  ['GET', 'UpdateService/Catalogs', (call) => ok(listCatalogs(call))],
  ['POST', 'UpdateService/Catalogs', create],
  ['GET', 'UpdateService/Catalogs(#)', (call) => ok(shown(call.ome, catalogOf(call)))],
  ['PUT', 'UpdateService/Catalogs(#)', modify],
  ['POST', 'UpdateService/Actions/UpdateService.RemoveCatalogs', remove],
];

/** The job of a catalog: fetches and reads it. */
export async function runCatalogJob(ome: Ome, job: Job): Promise<readonly JobResult[]> {
  const catalog = ome.state.catalogs.find(({ taskId }) => taskId === job.id);
  if (catalog === undefined) return [];
  try {
    const count = await readInto(ome, catalog);
    const text = `Read ${count} packages from ${urlOf(catalog)}.`;
    return [{ key: nameOf(catalog), status: COMPLETED, text }];
  } catch (error) {
    catalog.status = 'Failed';
    throw error;
  } finally {
    catalog.updatedAt = ome.now();
  }
}

/** Answers how many packages there are. */
async function readInto(ome: Ome, catalog: Catalog): Promise<number> {
  const url = urlOf(catalog);
  if (takeOmeFault(ome.faults, 'catalog-missing') !== undefined) throw new Error(`${url} answered 404.`);
  const { CheckCertificate: check } = objectOf(catalog.payload['Repository']);
  const document = readCatalog(await fetchFile(url, check === true, ome.closing));
  if (document === undefined) throw new Error(`${url} is no firmware catalog.`);
  catalog.packages = document.packages;
  catalog.manifest = document.manifest;
  catalog.status = 'Completed';
  return document.packages.length;
}

function create({ ome, body }: OmeCall) {
  const repository = objectOf(body['Repository']);
  const name = neededText(repository, 'Name');
  neededText(repository, 'RepositoryType');
  refuseTaken(ome, name);
  const [id, repositoryId, taskId] = [ome.takeId(), ome.takeId(), ome.takeId()];
  const catalog: Catalog = {
    ...{ id, repositoryId, taskId, payload: body },
    ...{ status: 'Running', packages: [], manifest: {}, updatedAt: ome.now() },
  };
  ome.state.catalogs = [...ome.state.catalogs, catalog];
  addJob(ome, { id: taskId, name: `Catalog ${name}`, description: 'Catalog refresh', type: 'Catalog_Task' });
  return created(shown(ome, catalog));
}

function modify(call: OmeCall) {
  const { ome, body } = call;
  const catalog = catalogOf(call);
  const name = neededText(objectOf(body['Repository']), 'Name');
  if (name !== nameOf(catalog)) refuseTaken(ome, name);
  const changed: Catalog = { ...catalog, payload: body, status: 'Running', updatedAt: ome.now() };
  ome.state.catalogs = ome.state.catalogs.map((other) => (other.id === catalog.id ? changed : other));
  const job = findJob(ome, catalog.taskId);
  if (job !== undefined) startJob(ome, job);
  ome.save();
  return ok(shown(ome, changed));
}

function remove({ ome, body }: OmeCall) {
  const ids = idsOf(body['CatalogIds']);
  const gone = ome.state.catalogs.filter(({ id }) => ids.includes(id));
  if (ids.length === 0 || gone.length !== ids.length) throw invalidValue('CatalogIds');
  if (gone.some((catalog) => baselinesOf(ome, catalog).length > 0))
    throw refusal(400, 'CUPD3028', 'Unable to delete the catalog because it is used by baselines.');
  ome.state.catalogs = ome.state.catalogs.filter((catalog) => !gone.includes(catalog));
  ome.save();
  return done();
}

function refuseTaken(ome: Ome, name: string): void {
  if (!ome.state.catalogs.some((catalog) => nameOf(catalog) === name)) return;
  throw refusal(
    400,
    'CUPD3023',
    'Unable to create or update the catalog because a repository with the same name already exists.',
    { resolution: 'Enter a different name and retry the operation.' },
  );
}

function catalogOf({ ome, params }: OmeCall): Catalog {
  const found = ome.state.catalogs.find(({ id }) => id === Number(params[0]));
  if (found === undefined) throw unknownUri();
  return found;
}

function nameOf(catalog: Catalog): string {
  return textOf(objectOf(catalog.payload['Repository'])['Name']);
}

function baselinesOf(ome: Ome, catalog: Catalog): readonly Json[] {
  return ome.state.baselines
    .filter(({ payload }) => payload['CatalogId'] === catalog.id)
    .map(({ id, payload }) => ({ BaselineId: id, BaselineName: payload['Name'] }));
}

function urlOf(catalog: Catalog): string {
  const repository = objectOf(catalog.payload['Repository']);
  const type = textOf(repository['RepositoryType']);
  if (type !== 'HTTP' && type !== 'HTTPS')
    throw new Error(`The simulator reads catalogs over HTTP and HTTPS, not ${type}.`);
  const folder = textOf(catalog.payload['SourcePath']).replaceAll(/^\/+|\/+$/g, '');
  const file = textOf(catalog.payload['Filename']);
  return [`${type.toLowerCase()}://${textOf(repository['Source'])}`, folder, file]
    .filter((part) => part !== '')
    .join('/');
}

function listCatalogs({ ome, query }: OmeCall): Json {
  const items = ome.state.catalogs.map((catalog) => view(ome, catalog));
  return collection(items, query, { path: PATH, type: TYPE, pageSize: ome.pageSize });
}

const shown = (ome: Ome, catalog: Catalog): Json => single(view(ome, catalog), { path: PATH, type: TYPE });

function view(ome: Ome, catalog: Catalog): Json {
  const { payload, manifest } = catalog;
  const repository = objectOf(payload['Repository']);
  const valueOf = (name: string) => repository[name] ?? null;
  return {
    Id: catalog.id,
    Filename: payload['Filename'] ?? null,
    SourcePath: payload['SourcePath'] ?? null,
    Status: catalog.status,
    TaskId: catalog.taskId,
    BaseLocation: null,
    Schedule: null,
    AssociatedBaselines: baselinesOf(ome, catalog),
    PredecessorIdentifier: '',
    ManifestIdentifier: manifest.identifier ?? null,
    ReleaseIdentifier: manifest.identifier ?? null,
    ManifestVersion: manifest.version ?? null,
    ReleaseDate: manifest.released ?? null,
    LastUpdated: timeOf(catalog.updatedAt),
    NextUpdate: null,
    BundlesCount: 0,
    Repository: {
      Id: catalog.repositoryId,
      Name: valueOf('Name'),
      Description: valueOf('Description'),
      Source: valueOf('Source'),
      DomainName: valueOf('DomainName'),
      Username: valueOf('Username'),
      // Kept for the fetch, never shown.
      Password: null,
      CheckCertificate: repository['CheckCertificate'] === true,
      RepositoryType: valueOf('RepositoryType'),
    },
  };
}
