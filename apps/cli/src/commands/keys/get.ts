import { Command } from 'commander'
import { keyArgument } from '../../completion/subjects.ts'
import { keyKind } from '../../output/key-view.ts'
import { print } from '../../output/print.ts'
import { table } from '../../output/table.ts'
import { openSession } from '../../session.ts'

export const keysGetCommand = (): Command =>
  new Command('get')
    .description('show a key; never what it opens with')
    .addArgument(keyArgument())
    .action(async (id: string, _: object, command: Command) => {
      const { toygres, format } = await openSession(command)
      const key = await toygres.keys.get(id)
      await print(format, key, { view: () => table(keyKind.columns, [key]), name: () => key.id })
    })
