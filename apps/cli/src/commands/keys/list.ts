import { Command } from 'commander'
import { keyTable } from '../../output/key-view.ts'
import { print } from '../../output/print.ts'
import { collect, pageFlags, sayIfMore, type PageFlags } from '../../paging.ts'
import { openSession } from '../../session.ts'

export const keysListCommand = (): Command =>
  pageFlags(
    new Command('list').alias('ls').description('show the keys, newest first; never what they open with'),
    1_000,
  ).action(list)

async function list(page: PageFlags, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  const keys = await collect((request) => toygres.keys.list(request), page)
  await print(format, keys, () => keyTable(keys.items))
  sayIfMore(keys)
}
