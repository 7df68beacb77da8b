import type { CreateInstance } from '@toygres/sdk'
import { Command, Option } from 'commander'
import { answerDue } from '../answer-due.ts'
import { usageError } from '../cli-error.ts'
import { labelOption, type Labels } from '../labels.ts'
import { askForMany, finishMany } from '../many.ts'
import { dryRunFlag, mutationFlags, mutationOptions, type MutationFlags } from '../mutation-flags.ts'
import { instanceView } from '../output/instance-view.ts'
import { showPlan } from '../output/plan-view.ts'
import { print, say } from '../output/print.ts'
import { openSession, type Session } from '../session.ts'
import { waitFlags, waitInView, type WaitFlags } from '../wait.ts'
import { parseInterval } from './health/set.ts'

// Written out, so that a wrong one is refused without a call; the type makes sure that there is no other.
const versions = ['16', '17', '18'] as const

interface CreateFlags extends WaitFlags, MutationFlags {
  version?: (typeof versions)[number]
  checkEvery?: number
  label?: Labels
  dryRun?: boolean
}

export const createCommand = (): Command =>
  mutationFlags(
    waitFlags(
      new Command('create')
        .description('make an instance, and print the string to connect to it')
        .argument('<name...>', '1 to 40 lower-case letters, digits and "-"; of several, each is made')
        .addOption(new Option('--version <major>', 'of PostgreSQL (default: the newest)').choices(versions))
        .addOption(
          new Option('--check-every <duration>', 'health check, from 5s to 1h (default: 30s)').argParser(
            parseInterval,
          ),
        )
        .addOption(labelOption('mark it with this, for yourself; may be repeated'))
        .addOption(dryRunFlag()),
    ),
  ).action(create)

async function create(names: string[], flags: CreateFlags, command: Command): Promise<void> {
  const session = await openSession(command)
  const settings = {
    ...(flags.version && { version: flags.version }),
    ...(flags.checkEvery && { healthCheckIntervalSeconds: flags.checkEvery }),
    ...(flags.label && { labels: flags.label }),
  }
  const [name = '', ...others] = names
  if (others.length === 0) return createOne(session, { name, ...settings }, flags)
  if (flags.dryRun) throw usageError('--dry-run is for one instance', 'name one')
  const { createMany } = session.toygres.instances
  const wanted = names.map((one) => ({ name: one, ...settings }))
  const results = await askForMany(wanted, flags, createMany)
  await finishMany(session, { names, results, doing: 'Creating' }, flags)
}

async function createOne(
  { toygres, format }: Session,
  wanted: CreateInstance,
  flags: CreateFlags,
): Promise<void> {
  const { name } = wanted
  if (flags.dryRun)
    return showPlan(format, await toygres.instances.planCreate(wanted, { signal: answerDue(flags) }))
  const { instance, operation } = await toygres.instances.create(wanted, mutationOptions(flags))

  if (!flags.wait) {
    await print(format, instance, { view: () => instanceView(instance), name: () => name })
    return say(`${name} is being made. Follow it with "toygres ops wait ${operation.id}"`)
  }

  await waitInView(operation, `Creating ${name}`, flags.timeout)

  const { connectionString } = await toygres.instances.connection(instance.id)
  const made = await toygres.instances.get(instance.id)
  if (format === 'table')
    say(`${name} runs PostgreSQL ${made.version}. Connect with "toygres psql ${name}", or with this string:`)
  await print(format, { ...made, connectionString }, { view: () => connectionString, name: () => name })
}
