// The import rules of the rooms, one row each (docs/rooms.md says why). Type-only imports count.
const TIERS = [
  ['contract'],
  ['site', 'remote', 'hardware'],
  ['profiles', 'stacks', 'failures'],
  ['preflight', 'vantage', 'runs', 'ansible', 'bundle', 'report'],
];

const room = (name) => `^src/${name}/`;
const forbidden = [
  {
    name: 'no-cycles',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'core-knows-no-host',
    comment: 'src is used by every host and imports none of them, nor their libraries',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: ['^main/', '^renderer/', 'node_modules/(electron|react|keytar|fastify)/'] },
  },
  {
    name: 'contract-imports-nothing',
    severity: 'error',
    from: { path: room('contract') },
    to: { pathNot: room('contract') },
  },
  {
    name: 'pure-rooms-have-no-node',
    severity: 'error',
    from: {
      path: ['contract', 'site', 'profiles', 'stacks', 'failures', 'runs', 'report'].map(room),
    },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'renderer-sees-contract-and-pure-modules-only',
    comment:
      'the reducer, and the comparison of cables, which is pure: tsc compiles it here without Node types',
    severity: 'error',
    from: { path: '^renderer/', pathNot: 'vite\\.config\\.ts$' },
    to: {
      path: '^(src|main)/',
      pathNot: ['^src/contract/', '^src/runs/state\\.ts$', '^src/hardware/cabling/(plan|compare)\\.ts$'],
    },
  },
  {
    name: 'renderer-has-no-node',
    severity: 'error',
    from: { path: '^renderer/', pathNot: 'vite\\.config\\.ts$' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'only-the-shell-imports-electron',
    severity: 'error',
    from: { path: '^(src|main|renderer)/', pathNot: '^main/electron/' },
    to: { path: 'node_modules/electron/' },
  },
  {
    name: 'only-adapters-import-the-keychain',
    severity: 'error',
    from: { path: '^(src|main|renderer)/', pathNot: '^main/adapters/' },
    to: { path: 'node_modules/(@github/)?keytar/' },
  },
  {
    name: 'hosts-talk-to-the-application-service',
    comment:
      'cli, server and electron get the core through compose.ts; of src they see contract, the application service and the reducer',
    severity: 'error',
    from: { path: '^main/(cli|server|electron)/' },
    to: {
      path: '^src/',
      pathNot: ['^src/contract/', '^src/bringup\\.ts$', '^src/runs/(state|summary)\\.ts$'],
    },
  },
  {
    name: 'no-unresolved',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, pathNot: '^virtual:' },
  },
];

for (const [tier, rooms] of TIERS.entries()) {
  for (const name of rooms) {
    const allowed = [name, ...TIERS.slice(0, tier).flat()].map(room);
    forbidden.push({
      name: `${name}-looks-down-only`,
      comment: 'contract <- site, remote, hardware <- profiles, stacks, failures <- the rest <- bringup.ts',
      severity: 'error',
      from: { path: room(name) },
      to: { path: '^src/', pathNot: allowed },
    });
  }
}

export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
