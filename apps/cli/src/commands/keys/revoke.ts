import { Command } from 'commander'
import { keyArgument } from '../../completion/subjects.ts'
import { keyKind } from '../../output/key-view.ts'
import { usualColumns } from '../../output/kind.ts'
import { print } from '../../output/print.ts'
import { table } from '../../output/table.ts'
import { mutationFlags, mutationOptions, type MutationFlags } from '../../mutation-flags.ts'
import { openSession } from '../../session.ts'

export const keysRevokeCommand = (): Command =>
  mutationFlags(
    new Command('revoke').description('end a key, from now on and for good').addArgument(keyArgument()),
  ).action(async (id: string, flags: MutationFlags, command: Command) => {
    const { toygres, format } = await openSession(command)
    const key = await toygres.keys.revoke(id, mutationOptions(flags))
    await print(format, key, { view: () => table(usualColumns(keyKind), [key]), name: () => key.id })
  })
