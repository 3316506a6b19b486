import type { Lookup, Outline } from './outline.ts';
import { collection, link, linkOf, objectOf, resource, type Resource } from './resource.ts';

/** What most captures lack and every BMC has: accounts, sessions, tasks, logs, and Dell's job queue and boot sources. */
export function completeCapture(outline: Outline, lookup: Lookup): readonly Resource[] {
  const root = lookup(outline.root) ?? {};
  const added: Resource[] = [];
  const addUnless = (uri: string | undefined, make: (uri: string) => Resource) => {
    if (uri !== undefined && lookup(uri) === undefined) added.push(make(uri));
  };
  addUnless(outline.sessionService, (uri) =>
    resource(uri, 'SessionService.v1_1_8', {
      Name: 'Session Service',
      ServiceEnabled: true,
      SessionTimeout: 1800,
      Sessions: link(outline.sessions),
    }),
  );
  addUnless(linkOf(root['Tasks']), (uri) =>
    resource(uri, 'TaskService.v1_2_0', {
      Name: 'Task Service',
      ServiceEnabled: true,
      Tasks: link(`${uri}/Tasks`),
    }),
  );
  const accounts = linkOf(root['AccountService']);
  if (accounts !== undefined && lookup(accounts) === undefined) added.push(...accountService(accounts));
  addUnless(linkOf(root['Registries']), (uri) => collection(uri, 'MessageRegistryFileCollection', []));
  addUnless(linkOf(root['JsonSchemas']), (uri) => collection(uri, 'JsonSchemaFileCollection', []));
  addUnless(linkOf(root['EventService']), (uri) =>
    resource(uri, 'EventService.v1_7_0', { Name: 'Event Service', ServiceEnabled: true }),
  );
  for (const uri of outline.managers) {
    const manager = lookup(uri) ?? {};
    const logs = linkOf(manager['LogServices']) ?? `${uri}/LogServices`;
    if (linkOf(manager['LogServices']) === undefined) added.push({ ...manager, LogServices: link(logs) });
    if (lookup(logs) === undefined) added.push(...logServices(logs));
  }
  if (outline.maker === 'Dell') added.push(...bootSources(outline, lookup));
  return added;
}

function accountService(uri: string): readonly Resource[] {
  return [
    resource(uri, 'AccountService.v1_10_0', {
      Name: 'Account Service',
      ServiceEnabled: true,
      Accounts: link(`${uri}/Accounts`),
      Roles: link(`${uri}/Roles`),
    }),
    collection(`${uri}/Accounts`, 'ManagerAccountCollection', [`${uri}/Accounts/2`]),
    resource(`${uri}/Accounts/2`, 'ManagerAccount.v1_8_0', {
      Name: 'User Account',
      // Replaced by the user name the simulator was started with.
      UserName: 'root',
      Enabled: true,
      Locked: false,
      Password: null,
      RoleId: 'Administrator',
      Links: { Role: link(`${uri}/Roles/Administrator`) },
    }),
    collection(`${uri}/Roles`, 'RoleCollection', [`${uri}/Roles/Administrator`]),
    resource(`${uri}/Roles/Administrator`, 'Role.v1_3_1', {
      Name: 'User Role',
      IsPredefined: true,
      AssignedPrivileges: [
        'Login',
        'ConfigureManager',
        'ConfigureUsers',
        'ConfigureSelf',
        'ConfigureComponents',
      ],
    }),
  ];
}

function logServices(uri: string): readonly Resource[] {
  return [
    collection(uri, 'LogServiceCollection', [`${uri}/Lclog`]),
    resource(`${uri}/Lclog`, 'LogService.v1_1_3', {
      Name: 'Lifecycle Log',
      LogEntryType: 'Multiple',
      ServiceEnabled: true,
      OverWritePolicy: 'WrapsWhenFull',
      // Any text: the reader is given the BMC's own clock.
      DateTime: '1970-01-01T00:00:00+00:00',
      DateTimeLocalOffset: '+00:00',
      Entries: link(`${uri}/Lclog/Entries`),
    }),
    collection(`${uri}/Lclog/Entries`, 'LogEntryCollection', []),
  ];
}

/** Dell's boot sources, which the module idrac_boot reads and writes beside the standard boot options. */
function bootSources(outline: Outline, lookup: Lookup): readonly Resource[] {
  return outline.systems.flatMap(({ uri, bootOptions }) => {
    const sources = `${uri}/BootSources`;
    if (lookup(sources) !== undefined || bootOptions.length === 0) return [];
    const sequence = bootOptions.map((option, index) => ({
      Enabled: lookup(option)?.['BootOptionEnabled'] !== false,
      Id: `BIOS.Setup.1-1#UefiBootSeq#${String(lookup(option)?.['BootOptionReference'])}`,
      Index: index,
      Name: lookup(option)?.['BootOptionReference'] ?? option,
    }));
    return [
      resource(sources, 'DellBootSources.v1_1_0', {
        Name: 'Boot Sources Configuration Current Settings',
        Attributes: { UefiBootSeq: sequence },
        '@Redfish.Settings': {
          SettingsObject: link(`${sources}/Settings`),
          SupportedApplyTimes: ['OnReset'],
        },
      }),
      resource(`${sources}/Settings`, 'DellBootSources.v1_1_0', {
        Name: 'Boot Sources Configuration Pending Settings',
        Attributes: objectOf(undefined),
      }),
    ];
  });
}
