import { Command } from 'commander'
import { keyKind } from '../../output/key-view.ts'
import { usualColumns } from '../../output/kind.ts'
import { print } from '../../output/print.ts'
import { table } from '../../output/table.ts'
import { openSession } from '../../session.ts'

export const keysRevokeCommand = (): Command =>
  new Command('revoke')
    .description('end a key, from now on and for good')
    .argument('<id>', 'its id: the middle part of toygres_<id>_...')
    .action(async (id: string, _: object, command: Command) => {
      const { toygres, format } = await openSession(command)
      const key = await toygres.keys.revoke(id)
      await print(format, key, { view: () => table(usualColumns(keyKind), [key]), name: () => key.id })
    })
