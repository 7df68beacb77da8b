import type { CreateApiKey } from '@toygres/sdk'
import { Command, InvalidArgumentError, Option } from 'commander'
import { print, say } from '../../output/print.ts'
import { mutationFlags, mutationOptions, type MutationFlags } from '../../mutation-flags.ts'
import { openSession } from '../../session.ts'

const roles = ['viewer', 'operator', 'admin'] as const satisfies readonly CreateApiKey['role'][]

interface CreateFlags extends MutationFlags {
  system?: boolean
  role: CreateApiKey['role']
  expires?: number
}

export const keysCreateCommand = (): Command =>
  mutationFlags(
    new Command('create')
      .description('make a key, and print it: the only time that it is shown')
      .argument('<name>', 'what to call it: who or what will use it')
      .addOption(
        new Option(
          '--role <role>',
          'viewer looks, operator makes, deletes and connects, admin gives out keys too',
        )
          .choices(roles)
          .default('operator'),
      )
      .addOption(
        new Option('--expires <days>', 'after how many days, such as 30d (default: never)').argParser(
          parseDays,
        ),
      )
      .option('--system', 'for every project, and for projects themselves; takes a key of the system'),
  ).action(create)

async function create(
  name: string,
  { role, expires, system, ...flags }: CreateFlags,
  command: Command,
): Promise<void> {
  const { toygres, format } = await openSession(command)
  const created = await toygres.keys.create(
    { name, role, ...(expires !== undefined && { validDays: expires }), ...(system && { system }) },
    mutationOptions(flags),
  )
  if (format === 'table')
    say(`Key ${created.key.id} (${role}). It is shown this once; give it as TOYGRES_API_KEY:`)
  await print(format, created, { view: () => created.secret, name: () => created.key.id })
}

export function parseDays(text: string): number {
  const days = /^\d{1,4}d?$/.test(text) ? Number.parseInt(text, 10) : 0
  if (days >= 1 && days <= 3650) return days
  throw new InvalidArgumentError('Expected a number of days from 1d to 3650d.')
}
