import type { Instance } from '@toygres/sdk'
import { Argument, Command } from 'commander'
import { naming } from '../completion/subjects.ts'
import { ask, canAsk } from '../ask.ts'
import { CliError, usageError } from '../cli-error.ts'
import { instanceView } from '../output/instance-view.ts'
import { print, say } from '../output/print.ts'
import { finishMany } from '../many.ts'
import {
  conditionOf,
  dryRunFlag,
  ifMatchFlag,
  mutationFlags,
  mutationOptions,
  type ConditionFlags,
} from '../mutation-flags.ts'
import { showPlan } from '../output/plan-view.ts'
import { openSession, type Session } from '../session.ts'
import { waitFlags, waitInView, type WaitFlags } from '../wait.ts'

interface DeleteFlags extends WaitFlags, ConditionFlags {
  yes?: boolean
}

export const deleteCommand = (): Command =>
  mutationFlags(
    waitFlags(
      new Command('delete')
        .alias('rm')
        .description('remove an instance and its data, for good')
        .addArgument(
          naming(new Argument('<name...>', 'of an instance, or its id; of several, each goes'), 'instance'),
        )
        .option('-y, --yes', 'do not ask')
        .addOption(ifMatchFlag())
        .addOption(dryRunFlag()),
    ),
  ).action(remove)

async function remove(
  names: string[],
  { yes = false, ...flags }: DeleteFlags,
  command: Command,
): Promise<void> {
  if (!yes && !flags.dryRun && !canAsk())
    throw usageError(
      'this deletes data, and there is no terminal to ask on',
      'say --yes to delete without being asked',
    )
  const alone = flags.dryRun || flags.ifMatch !== undefined
  if (alone && names.length > 1) throw usageError('--dry-run and --if-match are for one instance', 'name one')

  const session = await openSession(command)
  const { toygres, format } = session
  const doomed = await Promise.all(names.map((name) => toygres.instances.get(name)))
  const [first] = doomed
  if (flags.dryRun && first !== undefined)
    return showPlan(format, await toygres.instances.planDelete(first.id, conditionOf(flags)))
  if (!yes) await confirm(doomed)
  if (first !== undefined && doomed.length === 1) return removeOne(session, first, flags)
  // By id: a name may belong to another instance by now.
  const items = doomed.map(({ id }) => ({ id }))
  const results = await toygres.instances.deleteMany(items, mutationOptions(flags))
  await finishMany(session, { names: doomed.map(({ name }) => name), results, doing: 'Deleting' }, flags)
}

async function removeOne(
  { toygres, format }: Session,
  { id, name }: Instance,
  flags: Omit<DeleteFlags, 'yes'>,
): Promise<void> {
  const { instance, operation } = await toygres.instances.delete(id, {
    ...mutationOptions(flags),
    ...conditionOf(flags),
  })

  if (!flags.wait) {
    await print(format, instance, { view: () => instanceView(instance), name: () => name })
    return say(`${name} is being deleted. Follow it with "toygres ops wait ${operation.id}"`)
  }

  await waitInView(operation, `Deleting ${name}`, flags.timeout)
  if (format === 'table') return say(`${name} is deleted.`)
  await print(format, await toygres.instances.get(id), { view: () => '', name: () => name })
}

/** @throws {CliError} unless its name is typed; of several, how many they are */
async function confirm(doomed: readonly Instance[]): Promise<void> {
  const names = doomed.map(({ name }) => name)
  const [expected, what] =
    names.length === 1 ? [names[0], 'its name'] : [String(names.length), 'how many they are']
  const whose = names.length === 1 ? 'its' : 'their'
  const typed = await ask(
    `This deletes ${names.join(', ')} and ${whose} data, for good. Type ${what} to go on: `,
  )
  if (typed.trim() !== expected)
    throw new CliError('NOT_CONFIRMED', `nothing is deleted: that was not ${what}`)
}
