/** The arrows of the house: who may import whom. Packages are named by their folders. */
const layers = {
  'packages/schema': [],
  'packages/workflow': [],
  'packages/local-postgres': [],
  'packages/providers': ['packages/schema', 'packages/local-postgres'],
  'packages/control-plane': ['packages/schema', 'packages/workflow', 'packages/providers'],
  'packages/api': ['packages/schema', 'packages/control-plane'],
  'packages/sdk': ['packages/schema', 'packages/api'],
  'apps/cli': ['packages/sdk'],
  'apps/console': ['packages/(schema|sdk)'],
  'apps/server': ['packages/(schema|workflow|local-postgres|providers|control-plane|api)'],
}

const arrows = Object.entries(layers).map(([from, to]) => ({
  name: `arrows of ${from}`,
  severity: 'error',
  from: { path: `^${from}/src`, pathNot: String.raw`\.test\.ts$|/testing/` },
  to: { path: '^(packages|apps|test|scripts)/', pathNot: `^(${[from, ...to].join('|')})/` },
}))

export default {
  forbidden: [
    ...arrows,
    {
      name: 'the SDK takes only types from the API',
      severity: 'error',
      from: { path: '^packages/sdk/src', pathNot: String.raw`\.test\.ts$|/testing/` },
      to: { path: '^packages/api', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only the server picks a provider',
      severity: 'error',
      from: { path: '^packages|^apps', pathNot: '^(apps/server|packages/providers)/' },
      to: { path: '^packages/providers/src/(local|kubernetes)/' },
    },
    {
      name: 'no cycles',
      severity: 'error',
      from: { path: '^(packages|apps)' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only what is installed',
      severity: 'error',
      from: { path: '^(packages|apps|test)' },
      to: { couldNotResolve: true },
    },
    {
      name: 'declared where it is used',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src', pathNot: String.raw`\.test\.ts$|/testing/` },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Other engines have dependencies of their own, which not everybody installs.
    exclude: { path: '/dist/|^test/bench/engine/rivals/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['toygres-source', 'types', 'import', 'node', 'default'],
    },
  },
}
