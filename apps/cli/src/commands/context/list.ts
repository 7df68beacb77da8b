import { Command } from 'commander'
import { contextInUse } from '../../config/config.ts'
import { contextsFile, readContexts } from '../../config/contexts.ts'
import { columnFlags, columnsOf, type ColumnFlags } from '../../output/list-flags.ts'
import { print } from '../../output/print.ts'
import { table } from '../../output/table.ts'
import type { GlobalFlags } from '../../session.ts'
import { contextKind, contextRows, type ContextRow } from './context-row.ts'

export const contextListCommand = (): Command =>
  columnFlags(
    new Command('list').alias('ls').description('show the contexts; never their keys'),
    contextKind,
  ).action(list)

async function list(flags: ColumnFlags<ContextRow>, command: Command): Promise<void> {
  const globals = command.optsWithGlobals<GlobalFlags>()
  const contexts = await readContexts(contextsFile(process.env))
  const rows = contextRows(contexts, await contextInUse(globals, process.env))
  await print(
    globals.output,
    { items: rows },
    {
      view: () => table(columnsOf(contextKind, flags), rows, flags),
      name: () => rows.map(contextKind.nameOf).join('\n'),
    },
  )
}
