import { Command, Option } from 'commander'
import { parseInterval } from './health/set.ts'
import { instanceView } from '../output/instance-view.ts'
import { print, say } from '../output/print.ts'
import { mutationFlags, mutationOptions, type MutationFlags } from '../mutation-flags.ts'
import { openSession } from '../session.ts'
import { waitFlags, waitInView, type WaitFlags } from '../wait.ts'

// Written out, so that a wrong one is refused without a call; the type makes sure that there is no other.
const versions = ['16', '17', '18'] as const

interface CreateFlags extends WaitFlags, MutationFlags {
  version?: (typeof versions)[number]
  checkEvery?: number
}

export const createCommand = (): Command =>
  mutationFlags(
    waitFlags(
      new Command('create')
        .description('make an instance, and print the string to connect to it')
        .argument('<name>', '1 to 40 lower-case letters, digits and "-"')
        .addOption(new Option('--version <major>', 'of PostgreSQL (default: the newest)').choices(versions))
        .addOption(
          new Option('--check-every <duration>', 'health check, from 5s to 1h (default: 30s)').argParser(
            parseInterval,
          ),
        ),
    ),
  ).action(create)

async function create(name: string, flags: CreateFlags, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  const { instance, operation } = await toygres.instances.create(
    {
      name,
      ...(flags.version && { version: flags.version }),
      ...(flags.checkEvery && { healthCheckIntervalSeconds: flags.checkEvery }),
    },
    mutationOptions(flags),
  )

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
