import { devicesById } from './devices.ts';
import { invalidValue, refusal, unknownUri } from './errors.ts';
import { COMPLETED, RUNNING, addJob, forEach } from './jobs.ts';
import { firstOf, withBmc } from './bmc-client.ts';
import { readBios } from './inventory.ts';
import { textOf } from './json.ts';
import { fromBios } from './template-attributes.ts';
import type { Job, JobResult, Json, Ome, Template, TemplateAttribute } from './types.ts';

/** What a new template is; without attributes they are read from the reference device. */
interface NewTemplate {
  readonly name: string;
  readonly description?: string;
  readonly viewTypeId: unknown;
  readonly typeId?: unknown;
  readonly sourceDeviceId?: number;
  readonly attributes?: (id: number) => readonly TemplateAttribute[];
}

/** Adds a template; refused when the name is taken or the reference device unknown. */
export function addTemplate(ome: Ome, wanted: NewTemplate): Template {
  refuseTaken(ome, wanted.name);
  const { sourceDeviceId = 0, attributes } = wanted;
  if (attributes === undefined) devicesById(ome, [sourceDeviceId]);
  const [id, taskId] = [ome.takeId(), attributes === undefined ? ome.takeId() : 0];
  const template: Template = {
    id,
    taskId,
    name: wanted.name,
    description: wanted.description ?? '',
    typeId: Number(wanted.typeId ?? 2),
    viewTypeId: Number(wanted.viewTypeId ?? 2),
    sourceDeviceId,
    createdAt: ome.now(),
    updatedAt: ome.now(),
    status: attributes === undefined ? RUNNING : COMPLETED,
    attributes: attributes?.(id) ?? [],
  };
  ome.state.templates = [...ome.state.templates, template];
  if (attributes === undefined)
    addJob(ome, { id: taskId, name: `Template ${wanted.name}`, type: 'Template_Task' });
  ome.save();
  return template;
}

/** The job of a template made from a reference device: reads its BIOS. */
export function runTemplateJob(ome: Ome, job: Job): Promise<readonly JobResult[]> {
  const templates = ome.state.templates.filter(({ taskId }) => taskId === job.id);
  return forEach(
    templates,
    (template) => template.name,
    async (template) => {
      template.status = 2070;
      const [device] = devicesById(ome, [template.sourceDeviceId]);
      if (device === undefined) throw invalidValue('SourceDeviceId');
      const bios = await withBmc(ome.connect(device.access), async (client) =>
        readBios(client, await firstOf(client, await client.root(), 'Systems')),
      );
      template.attributes = fromBios(bios, template.id);
      template.status = COMPLETED;
      return `Read ${bios.length} attributes from ${device.tag}.`;
    },
  );
}

/** A template by its id; refused when there is none. */
export function templateById(ome: Ome, id: unknown): Template {
  const template = ome.state.templates.find((known) => known.id === Number(id));
  if (template === undefined) throw unknownUri();
  return template;
}

/** The same, and it must have been read from its reference device. */
export function readyTemplate(ome: Ome, id: unknown): Template {
  const template = templateById(ome, id);
  if (template.status === COMPLETED) return template;
  throw refusal(
    400,
    'CTEM1027',
    `Unable to use the template  ${template.name}  because it has not been created yet.`,
    {
      args: [template.name],
    },
  );
}

/** Refuses the name of another template. */
export function refuseTaken(ome: Ome, name: string): void {
  if (!ome.state.templates.some((template) => template.name === name)) return;
  throw refusal(
    400,
    'CTEM1049',
    `Unable to create the template because the name  ${name}  is already in use.`,
    {
      args: [name],
      resolution: 'Enter a different name and retry the operation.',
    },
  );
}

/** The model that a template was read from, as its export says. */
export function modelOf(ome: Ome, template: Template): string {
  return textOf(ome.state.devices.find(({ id }) => id === template.sourceDeviceId)?.model);
}

/** What a template is called in a list of them. */
export function templateName(ome: Ome, id: number): string {
  return ome.state.templates.find((template) => template.id === id)?.name ?? '';
}

/** Templates as OME shows them. */
export function templateView(template: Template, time: (at: number) => string | null): Json {
  return {
    Id: template.id,
    Name: template.name,
    Description: template.description,
    Content: null,
    SourceDeviceId: template.sourceDeviceId,
    TypeId: template.typeId,
    ViewTypeId: template.viewTypeId,
    TaskId: template.taskId,
    HasIdentityAttributes: false,
    Status: template.status,
    IdentityPoolId: 0,
    IsPersistencePolicyValid: false,
    IsStatelessAvailable: false,
    IsBuiltIn: false,
    CreatedBy: 'admin',
    CreationTime: time(template.createdAt),
    LastUpdatedBy: 'admin',
    LastUpdatedTime: time(template.updatedAt),
  };
}
