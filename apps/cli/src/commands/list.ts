import { Command } from 'commander'
import { instanceTable } from '../output/instance-view.ts'
import { print, say } from '../output/print.ts'
import { collect, pageFlags, sayIfMore, type PageFlags } from '../paging.ts'
import { openSession } from '../session.ts'

interface ListFlags extends PageFlags {
  all?: boolean
}

export const listCommand = (): Command =>
  pageFlags(
    new Command('list')
      .alias('ls')
      .description('show the instances, newest first')
      .option('-a, --all', 'the deleted ones too'),
    1_000,
  ).action(list)

async function list({ all = false, ...page }: ListFlags, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  const instances = await collect(
    (request) => toygres.instances.list({ ...request, includeDeleted: all }),
    page,
  )
  if (format === 'table' && instances.items.length === 0)
    return say('There are no instances. Make one with "toygres create NAME"')
  await print(format, instances, () => instanceTable(instances.items))
  sayIfMore(instances)
}
