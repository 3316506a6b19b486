import { Type, type Static } from 'typebox';

const Machine = Type.Union([Type.Literal('kvm-host'), Type.Literal('deployment-vm')]);

/** What a field is compared with. */
const Value = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

const StageSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    title: Type.String({ minLength: 1 }),
    runs_on: Machine,
    playbook: Type.String({ pattern: '^[a-z0-9-]+\\.yml$' }),
    after: Type.Optional(Type.Array(Type.String())),
    when: Type.Optional(
      Type.Record(Type.String(), Type.Union([Value, Type.Array(Value, { minItems: 1 })]), {
        description: 'Fields of the site file and the value, or one of the values, that each has to have.',
      }),
    ),
    on_host_failure: Type.Optional(Type.Union([Type.Literal('stop'), Type.Literal('continue')])),
    expect_seconds: Type.Optional(Type.Number({ minimum: 0 })),
    soft_timeout_seconds: Type.Optional(Type.Number({ minimum: 1 })),
    hard_timeout_seconds: Type.Optional(Type.Number({ minimum: 1 })),
    uses: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*$' }), {
        description:
          'Fields of the site file whose change makes the finished stage stale; left out, all of them.',
      }),
    ),
    resume: Type.Optional(
      Type.Union([Type.Literal('task'), Type.Literal('stage')], {
        description: 'Where a retry may begin: at the failed task, or only at the beginning of the stage.',
      }),
    ),
    acceptance: Type.Optional(
      Type.String({
        pattern: '^[a-z][a-z0-9_-]*$',
        description: 'Tag of the plays that try the result; after a retry on some hosts they run on all.',
      }),
    ),
    leaves: Type.Optional(
      Type.String({ minLength: 1, description: 'What the stage leaves behind when it is stopped half-way.' }),
    ),
    files: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$' }), {
        description:
          'Fields of the site file that name a file by path and sha256, which the stage needs on the KVM host; one that is left out is not sent.',
      }),
    ),
    leaves_out: Type.Optional(
      Type.Object(
        {
          hosts: Type.String({ pattern: '^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*$' }),
          tried_by: Type.String(),
        },
        {
          additionalProperties: false,
          description:
            'hosts: the field of the site file that names servers which the stage leaves out while they have no operating system; tried_by: the stage that tries them once they have one.',
        },
      ),
    ),
    logs_in_to: Type.Optional(
      Type.Array(Type.Enum(['kvm-host', 'bmc', 'ome', 'repository', 'registry', 'rke2']), {
        description:
          'Whose credentials the stage needs beside those of the target servers: kvm-host, bmc (the BMCs of all hosts), ome (parameters.ome.credential, where the site file has it), repository (services.repository.credential, likewise), registry (those of parameters.rke2.registries), rke2 (parameters.rke2.credential).',
      }),
    ),
    checks: Type.Optional(Type.Array(Type.String())),
    changes: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { description: 'What the stage changes, in words.' }),
    ),
    destructive: Type.Optional(
      Type.String({ minLength: 1, description: 'What is lost, and under which condition.' }),
    ),
  },
  { additionalProperties: false },
);

const RoleSchema = Type.Object(
  {
    min: Type.Optional(Type.Integer({ minimum: 0 })),
    max: Type.Optional(Type.Integer({ minimum: 0 })),
    odd: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** What machines must be like; the rules themselves are read by the room `profiles`, which has their words. */
const RequiresSchema = Type.Array(Type.Record(Type.String(), Type.Unknown()));

const ApplicationSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    title: Type.Optional(Type.String({ minLength: 1 })),
    requires: Type.Optional(RequiresSchema),
  },
  { additionalProperties: false },
);

/** A stack file, DESIGN section 6: data only, `when` is matched and never evaluated. */
export const StackSchema = Type.Object(
  {
    stack: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    version: Type.Integer({ minimum: 1 }),
    title: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    roles: Type.Optional(Type.Record(Type.String(), RoleSchema)),
    requires: Type.Optional(RequiresSchema),
    applications: Type.Optional(Type.Array(ApplicationSchema)),
    stages: Type.Array(StageSchema, { minItems: 1 }),
  },
  { additionalProperties: false },
);

export type Stack = Static<typeof StackSchema>;
export type StackStage = Static<typeof StageSchema>;
