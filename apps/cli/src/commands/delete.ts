import { Argument, Command } from 'commander'
import { naming } from '../completion/subjects.ts'
import { answerDue } from '../answer-due.ts'
import { ask, canAsk } from '../ask.ts'
import { CliError, usageError } from '../cli-error.ts'
import { instanceView } from '../output/instance-view.ts'
import { print, say } from '../output/print.ts'
import { inTurns } from '../in-turns.ts'
import { askForMany, finishMany } from '../many.ts'
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
  const [only = '', ...others] = names
  if (flags.dryRun) {
    const bounds = { ...conditionOf(flags), signal: answerDue(flags) }
    return showPlan(format, await toygres.instances.planDelete(only, bounds))
  }
  const doomed = await doomedOf(session, names, flags)
  if (!yes) await confirm(doomed.map(({ name }) => name))
  const [first] = doomed
  if (first !== undefined && others.length === 0) return removeOne(session, first.id, flags)
  const items = doomed.map(({ id }) => ({ id }))
  const results = await askForMany(items, flags, toygres.instances.deleteMany)
  await finishMany(session, { names: doomed.map(({ name }) => name), results, doing: 'Deleting' }, flags)
}

const lookedUpAtOnce = 16

/**
 * By id, because a name may belong to another instance by now. With an idempotency key as they were typed: so it is the same request
 * when it is sent again, also after they are gone.
 * @throws {NotFoundError} where there is no such instance, before any is deleted
 */
async function doomedOf(
  { toygres }: Session,
  names: readonly string[],
  { idempotencyKey }: DeleteFlags,
): Promise<{ id: string; name: string }[]> {
  if (idempotencyKey !== undefined) return names.map((name) => ({ id: name, name }))
  return inTurns(names, lookedUpAtOnce, (name) => toygres.instances.get(name))
}

async function removeOne(
  { toygres, format }: Session,
  idOrName: string,
  flags: Omit<DeleteFlags, 'yes'>,
): Promise<void> {
  const { instance, operation } = await toygres.instances.delete(idOrName, {
    ...mutationOptions(flags),
    ...conditionOf(flags),
  })
  const { id, name } = instance

  if (!flags.wait) {
    await print(format, instance, { view: () => instanceView(instance), name: () => name })
    return say(`${name} is being deleted. Follow it with "toygres ops wait ${operation.id}"`)
  }

  await waitInView(operation, `Deleting ${name}`, flags.timeout)
  if (format === 'table') return say(`${name} is deleted.`)
  await print(format, await toygres.instances.get(id), { view: () => '', name: () => name })
}

/** @throws {CliError} unless its name is typed; of several, how many they are */
async function confirm(names: readonly string[]): Promise<void> {
  const [expected, what] =
    names.length === 1 ? [names[0], 'its name'] : [String(names.length), 'how many they are']
  const whose = names.length === 1 ? 'its' : 'their'
  const typed = await ask(
    `This deletes ${names.join(', ')} and ${whose} data, for good. Type ${what} to go on: `,
  )
  if (typed.trim() !== expected)
    throw new CliError('NOT_CONFIRMED', `nothing is deleted: that was not ${what}`)
}
