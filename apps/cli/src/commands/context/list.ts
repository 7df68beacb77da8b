import { Command } from 'commander'
import { contextInUse } from '../../config/config.ts'
import { contextsFile, localContext, readContexts } from '../../config/contexts.ts'
import type { Kind } from '../../output/kind.ts'
import { columnFlags, columnsOf, type ColumnFlags } from '../../output/list-flags.ts'
import { print } from '../../output/print.ts'
import { table } from '../../output/table.ts'
import type { GlobalFlags } from '../../session.ts'

/** Without the key. */
interface ContextRow {
  readonly name: string
  /** Null for that of this machine, which its home has. */
  readonly url: string | null
  readonly project: string | null
  readonly inUse: boolean
}

const contextKind: Kind<ContextRow> = {
  nameOf: ({ name }) => name,
  columns: [
    { title: 'IN-USE', cell: ({ inUse }) => (inUse ? '*' : ' '), style: () => 'green' },
    { title: 'NAME', cell: ({ name }) => name },
    { title: 'URL', cell: ({ url }) => url ?? 'as client.json in its home says' },
    { title: 'PROJECT', cell: ({ project }) => project },
  ],
}

export const contextListCommand = (): Command =>
  columnFlags(
    new Command('list').alias('ls').description('show the contexts; never their keys'),
    contextKind,
  ).action(list)

async function list(flags: ColumnFlags<ContextRow>, command: Command): Promise<void> {
  const globals = command.optsWithGlobals<GlobalFlags>()
  const inUse = await contextInUse(globals, process.env)
  const { entries } = await readContexts(contextsFile(process.env))
  const rows: ContextRow[] = [
    { name: localContext, url: null, project: null, inUse: inUse === localContext },
    ...Object.entries(entries).map(([name, { url, project = null }]) => ({
      name,
      url,
      project,
      inUse: name === inUse,
    })),
  ]
  await print(
    globals.output,
    { items: rows },
    {
      view: () => table(columnsOf(contextKind, flags), rows, flags),
      name: () => rows.map(contextKind.nameOf).join('\n'),
    },
  )
}
