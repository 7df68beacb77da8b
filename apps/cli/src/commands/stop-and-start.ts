import { ConflictError, type Instance, type OperationHandle } from '@toygres/sdk'
import { Argument, Command } from 'commander'
import { answerDue } from '../answer-due.ts'
import { usageError } from '../cli-error.ts'
import { naming } from '../completion/subjects.ts'
import { inTurns } from '../in-turns.ts'
import { finishMany, refusalOf, type ManyResult } from '../many.ts'
import {
  conditionOf,
  dryRunFlag,
  ifMatchFlag,
  mutationFlags,
  mutationOptions,
  optionsOfPart,
  type ConditionFlags,
} from '../mutation-flags.ts'
import { instanceView } from '../output/instance-view.ts'
import { showPlan } from '../output/plan-view.ts'
import { print, say } from '../output/print.ts'
import { openSession, type Session } from '../session.ts'
import { waitFlags, waitInView, type WaitFlags } from '../wait.ts'

/** Instances that are looked up at once. */
const lookedUpAtOnce = 16

interface SwitchFlags extends WaitFlags, ConditionFlags {}

interface Switch {
  readonly verb: 'stop' | 'start'
  readonly description: string
  readonly doing: string
  readonly underWay: string
  readonly done: string
  /** The same of one that has been changed since. */
  readonly was: string
  /** What it is when that is done. */
  readonly state: Instance['state']
}

const stopping: Switch = {
  verb: 'stop',
  description: 'stop the server of an instance, which keeps its data, its address and its password',
  doing: 'Stopping',
  underWay: 'is being stopped',
  done: 'is stopped',
  was: 'was stopped',
  state: 'stopped',
}

const starting: Switch = {
  verb: 'start',
  description: 'start the server of a stopped instance, on the address that it had',
  doing: 'Starting',
  underWay: 'is being started',
  done: 'runs',
  was: 'was started',
  state: 'running',
}

const commandFor = (wanted: Switch): Command =>
  mutationFlags(
    waitFlags(
      new Command(wanted.verb)
        .description(wanted.description)
        .addArgument(
          naming(new Argument('<name...>', 'of an instance, or its id; of several, each'), 'instance'),
        )
        .addOption(ifMatchFlag())
        .addOption(dryRunFlag()),
    ),
  ).action((names: string[], flags: SwitchFlags, command: Command) => change(wanted, names, flags, command))

export const stopCommand = (): Command => commandFor(stopping)
export const startCommand = (): Command => commandFor(starting)

async function change(wanted: Switch, names: string[], flags: SwitchFlags, command: Command): Promise<void> {
  const alone = flags.dryRun || flags.ifMatch !== undefined
  if (alone && names.length > 1) throw usageError('--dry-run and --if-match are for one instance', 'name one')

  const session = await openSession(command)
  const { instances } = session.toygres
  // Found before anything is done: a name that is misspelt among several must not be found out in the middle.
  const found = await inTurns(names, lookedUpAtOnce, (name) => instances.get(name))
  const [first] = found
  if (first === undefined) return
  if (flags.dryRun) {
    const plan = wanted.verb === 'stop' ? instances.planStop : instances.planStart
    return showPlan(session.format, await plan(first.id, { ...conditionOf(flags), signal: answerDue(flags) }))
  }
  if (found.length === 1) return changeOne(session, wanted, first, flags)
  const results = await changeMany(session, wanted, found, flags)
  await finishMany(session, { names: found.map(({ name }) => name), results, doing: wanted.doing }, flags)
}

async function changeOne(
  { toygres, format }: Session,
  { verb, doing, underWay, done, was, state }: Switch,
  { id, name }: Instance,
  flags: SwitchFlags,
): Promise<void> {
  const options = { ...mutationOptions(flags), ...conditionOf(flags) }
  const asked: { instance: Instance; operation: OperationHandle | null } = await toygres.instances[verb](
    id,
    options,
  )
  const { instance, operation } = asked
  if (operation !== null && !flags.wait) {
    await print(format, instance, { view: () => instanceView(instance), name: () => name })
    return say(`${name} ${underWay}. Follow it with "toygres ops wait ${operation.id}"`)
  }
  if (operation !== null) await waitInView(operation, `${doing} ${name}`, flags.timeout)
  const now = await toygres.instances.get(id)
  if (format !== 'table') return print(format, now, { view: () => '', name: () => name })
  if (now.state !== state) {
    // By somebody else, or because what was asked for with a key that was used before was done then.
    const when = flags.idempotencyKey === undefined ? '' : ' (perhaps when this key was used before)'
    return say(`${name} ${was}${when}, and is ${now.state} now.`)
  }
  say(`${name} ${done}${operation === null ? ' already' : ''}.`)
}

/** Each has a key of its own: one key is for one change. Once one was taken on, what goes wrong is told of its own instance. */
async function changeMany(
  { toygres }: Session,
  { verb }: Switch,
  found: readonly Instance[],
  flags: SwitchFlags,
): Promise<ManyResult[]> {
  const asked = found.map(({ id }) => ({ id, options: optionsOfPart(flags, id) }))
  const results: ManyResult[] = []
  for (const { id, options } of asked)
    try {
      results.push(await toygres.instances[verb](id, { ...options, signal: answerDue(flags) }))
    } catch (error) {
      if (results.length === 0 && !(error instanceof ConflictError)) throw error
      results.push(refusalOf(error))
    }
  return results
}
