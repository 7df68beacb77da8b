import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

// Tests run the sources: no build stands between an edit and its test.
const conditions = ['toygres-source', ...defaultServerConditions]

/** Need a Kubernetes cluster: see test/harness/kind. */
const onCluster = ['test/kind/**/*.test.ts', 'test/provider/kubernetes*.test.ts']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // One PostgreSQL for the whole run; each file that wants a database gets its own clone of a migrated template.
    globalSetup: ['test/harness/postgres/global-setup.ts', 'test/harness/kind/global-setup.ts'],
    // Real processes are started and killed: these bounds only end what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...onCluster],
        },
      },
      {
        extends: true,
        test: {
          name: 'kind',
          include: onCluster,
          // After the others, since the cluster needs the machine; what its tests wait for is the kubelet, so several wait at once.
          sequence: { groupOrder: 1, concurrent: true },
          maxConcurrency: 4,
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          // The engine forgets each operation after each step: what it kept in memory only would be missed.
          name: 'evict',
          include: ['test/conformance/**/*.test.ts'],
          env: { TOYGRES_TEST_EVICT: '1' },
        },
      },
    ],
  },
})
