import type { Instance } from '@toygres/sdk'
import { Command } from 'commander'
import { ask, canAsk } from '../ask.ts'
import { CliError, usageError } from '../cli-error.ts'
import { instanceView } from '../output/instance-view.ts'
import { print, say } from '../output/print.ts'
import { mutationFlags, mutationOptions, type MutationFlags } from '../mutation-flags.ts'
import { openSession } from '../session.ts'
import { waitFlags, waitInView, type WaitFlags } from '../wait.ts'

interface DeleteFlags extends WaitFlags, MutationFlags {
  yes?: boolean
}

export const deleteCommand = (): Command =>
  mutationFlags(
    waitFlags(
      new Command('delete')
        .alias('rm')
        .description('remove an instance and its data, for good')
        .argument('<name>', 'its name or id')
        .option('-y, --yes', 'do not ask'),
    ),
  ).action(remove)

async function remove(name: string, { yes = false, ...flags }: DeleteFlags, command: Command): Promise<void> {
  if (!yes && !canAsk())
    throw usageError(
      'this deletes data, and there is no terminal to ask on',
      'say --yes to delete without being asked',
    )

  const { toygres, format } = await openSession(command)
  const doomed = await toygres.instances.get(name)
  if (!yes) await confirm(doomed)
  // By id: the name may belong to another instance by now.
  const { instance, operation } = await toygres.instances.delete(doomed.id, mutationOptions(flags))

  if (!flags.wait) {
    await print(format, instance, { view: () => instanceView(instance), name: () => doomed.name })
    return say(`${doomed.name} is being deleted. Follow it with "toygres ops wait ${operation.id}"`)
  }

  await waitInView(operation, `Deleting ${doomed.name}`, flags.timeout)
  if (format === 'table') return say(`${doomed.name} is deleted.`)
  await print(format, await toygres.instances.get(doomed.id), { view: () => '', name: () => doomed.name })
}

/** @throws {CliError} unless its name is typed */
async function confirm({ name }: Instance): Promise<void> {
  const typed = await ask(`This deletes ${name} and its data, for good. Type its name to go on: `)
  if (typed.trim() !== name)
    throw new CliError('NOT_CONFIRMED', `${name} is not deleted: that was not its name`)
}
