import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the cluster to test on; null when this run has none, and then such tests are skipped. */
    kubeconfig: string | null
    /** It is there for these tests alone, so that its nodes may be taken from it. */
    ownsCluster: boolean
    /** `{major}` stands for the version. */
    postgresImage: string
  }
}

/** Only a cluster that was named for tests is touched: `KUBECONFIG` may lead to one that people use. */
export default function setUpCluster(project: TestProject): void {
  const kubeconfig = process.env['TOYGRES_TEST_KUBECONFIG'] ?? null
  project.provide('kubeconfig', kubeconfig)
  project.provide('ownsCluster', kubeconfig !== null && process.env['TOYGRES_TEST_OWNS_CLUSTER'] === '1')
  project.provide('postgresImage', process.env['TOYGRES_POSTGRES_IMAGE'] || 'postgres:{major}')
}
