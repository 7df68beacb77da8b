import { text } from 'node:stream/consumers'
import { PassThrough } from 'node:stream'
import { Exec, type KubeConfig } from '@kubernetes/client-node'

/** What a shell of the pod's server says to a script, once it has ended well. */
export async function runInPod(
  config: KubeConfig,
  pod: { readonly namespace: string; readonly name: string },
  script: string,
): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const said = Promise.all([text(stdout), text(stderr)])
  const command = ['sh', '-c', script]
  const { promise: ended, resolve, reject } = Promise.withResolvers<string | undefined>()
  const connection = await new Exec(config).exec(
    pod.namespace,
    pod.name,
    'postgres',
    command,
    stdout,
    stderr,
    null,
    false,
    ({ status }) => resolve(status),
  )
  connection.on('error', reject)
  const status = await ended
  stdout.end()
  stderr.end()
  const [out, err] = await said
  if (status !== 'Success') throw new Error(`the script ended with ${status}: ${err}`)
  return out
}
