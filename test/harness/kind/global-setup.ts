import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the cluster to test on; null when this run has none, and then such tests are skipped. */
    kubeconfig: string | null
    /** `{major}` stands for the version. */
    postgresImage: string
  }
}

/** Only a cluster that was named for tests is touched: `KUBECONFIG` may lead to one that people use. */
export default function setUpCluster(project: TestProject): void {
  project.provide('kubeconfig', process.env['TOYGRES_TEST_KUBECONFIG'] ?? null)
  project.provide('postgresImage', process.env['TOYGRES_POSTGRES_IMAGE'] || 'postgres:{major}')
}
