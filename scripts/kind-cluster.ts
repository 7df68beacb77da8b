import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestCluster extends AsyncDisposable {
  readonly kubeconfig: string
  /** Made for this run: nobody else uses it. */
  readonly isOurs: boolean
}

/** The cluster that `KUBECONFIG` leads to; without one, a kind cluster of our own, which is removed at the end. */
export async function openTestCluster(): Promise<TestCluster> {
  const given = process.env['KUBECONFIG']
  if (given) return { kubeconfig: given, isOurs: false, [Symbol.asyncDispose]: async () => {} }
  for (const program of ['docker', 'kind'])
    if (spawnSync(program, ['version'], { stdio: 'ignore' }).status !== 0)
      throw new Error(
        `--kind needs a cluster: set KUBECONFIG, or install ${program === 'kind' ? 'kind (https://kind.sigs.k8s.io)' : 'Docker'}`,
      )
  const name = `toygres-test-${process.pid}`
  const directory = await mkdtemp(join(tmpdir(), 'toygres-kind-'))
  const kubeconfig = join(directory, 'kubeconfig')
  const remove = async () => {
    spawnSync('kind', ['delete', 'cluster', '--name', name, '--kubeconfig', kubeconfig], { stdio: 'ignore' })
    await rm(directory, { recursive: true })
  }
  // Ctrl-C ends what runs below us; we go on, to remove the cluster.
  process.on('SIGINT', () => {})
  const made = spawnSync(
    'kind',
    ['create', 'cluster', '--name', name, '--kubeconfig', kubeconfig, '--wait', '120s'],
    { stdio: 'inherit' },
  )
  if (made.status === 0) return { kubeconfig, isOurs: true, [Symbol.asyncDispose]: remove }
  await remove()
  throw new Error('kind could not make a cluster: see above')
}
