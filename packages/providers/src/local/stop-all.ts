import { InstanceId } from '@toygres/schema'
import { namesIn, stopServer } from '@toygres/local-postgres'
import { placesIn } from './places.ts'

const atOnce = 8

/**
 * Stops the server of every instance of a home; their data stays. Needs no control plane to run.
 * @returns the ids of those that ran
 * @throws the first refusal, after every server was asked
 */
export async function stopAllInstances(home: string): Promise<InstanceId[]> {
  const { instances, instance } = placesIn(home)
  const ids = (await namesIn(instances)).filter(
    (name): name is InstanceId => InstanceId.safeParse(name).success,
  )
  const stopped: InstanceId[] = []
  const failures: unknown[] = []
  const stopNext = async () => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      const ran = await stopServer(instance(id).data).catch((error: unknown) => void failures.push(error))
      if (ran) stopped.push(id)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, stopNext))
  if (failures.length > 0) throw failures[0]
  return stopped
}
