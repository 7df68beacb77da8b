import type { Instance } from '@toygres/sdk'
import { Command } from 'commander'
import { createInterface } from 'node:readline/promises'
import { CliError, usageError } from '../cli-error.ts'
import { instanceView } from '../output/instance-view.ts'
import { print, say } from '../output/print.ts'
import { openSession } from '../session.ts'
import { waitFlags, waitInView, type WaitFlags } from '../wait.ts'

interface DeleteFlags extends WaitFlags {
  yes?: boolean
}

export const deleteCommand = (): Command =>
  waitFlags(
    new Command('delete')
      .alias('rm')
      .description('remove an instance and its data, for good')
      .argument('<name>', 'its name or id')
      .option('-y, --yes', 'do not ask'),
  ).action(remove)

async function remove(name: string, { yes = false, ...flags }: DeleteFlags, command: Command): Promise<void> {
  const canAsk = process.stdin.isTTY && process.stderr.isTTY
  if (!yes && !canAsk)
    throw usageError(
      'this deletes data, and there is no terminal to ask on',
      'say --yes to delete without being asked',
    )

  const { toygres, format } = await openSession(command)
  const doomed = await toygres.instances.get(name)
  if (!yes) await confirm(doomed)
  // By id: the name may belong to another instance by now.
  const { instance, operation } = await toygres.instances.delete(doomed.id)

  if (!flags.wait) {
    await print(format, instance, () => instanceView(instance))
    return say(`${doomed.name} is being deleted. Follow it with "toygres ops watch ${operation.id}"`)
  }

  await waitInView(operation, `Deleting ${doomed.name}`, flags.timeout)
  if (format === 'table') return say(`${doomed.name} is deleted.`)
  await print(format, await toygres.instances.get(doomed.id), () => '')
}

/** @throws {CliError} unless its name is typed */
async function confirm({ name }: Instance): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new AbortController()
  // Ctrl-C and Ctrl-D.
  terminal.once('close', () => closed.abort())
  const typed = await terminal
    .question(`This deletes ${name} and its data, for good. Type its name to go on: `, {
      signal: closed.signal,
    })
    .catch(() => '')
  terminal.close()
  if (typed.trim() !== name)
    throw new CliError('NOT_CONFIRMED', `${name} is not deleted: that was not its name`)
}
