import { removeTree, stopServer } from '@toygres/local-postgres'

const [home, dataDirectory] = process.argv.slice(2)
if (!home || !dataDirectory) throw new Error('usage: guard.ts HOME DATA_DIRECTORY')

for await (const _ of process.stdin) {
  // Nobody writes; the end is the message.
}
await stopServer(dataDirectory, { mode: 'immediate' })
await removeTree(home)
