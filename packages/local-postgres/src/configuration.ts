import { join } from 'node:path'
import { run } from './command.ts'
import { makePrivateDirectory } from './directories.ts'
import { replaceFile } from './durability.ts'
import { findServer } from './find-server.ts'
import type { Installation } from './installation.ts'
import { readServerFile } from './server-file.ts'

/**
 * The files that say how a server behaves and whom it lets in, as initdb made them. Not `postgresql.auto.conf`: what
 * a superuser sets with `alter system` is the superuser's own affair, and ours wins on the command line where it must.
 */
const names = ['postgresql.conf', 'pg_hba.conf'] as const

const longestBytes = 1024 * 1024
const read = (directory: string, name: string) => readServerFile(join(directory, name), longestBytes)

/** Keeps a copy where the server cannot reach it: of the first that it has, and from then on never another. */
export async function keepConfiguration(dataDirectory: string, keptDirectory: string): Promise<void> {
  await makePrivateDirectory(keptDirectory)
  for (const name of names) {
    if ((await read(keptDirectory, name)) !== null) continue
    const text = await read(dataDirectory, name)
    if (text !== null) await replaceFile(join(keptDirectory, name), text)
  }
}

/** The names of the files that are not as they were kept. */
export async function changedConfiguration(dataDirectory: string, keptDirectory: string): Promise<string[]> {
  const changed: string[] = []
  for (const name of names) {
    const kept = await read(keptDirectory, name)
    if (kept !== null && kept !== (await read(dataDirectory, name))) changed.push(name)
  }
  return changed
}

/**
 * Puts back what was changed, and has a server that runs read it again. What PostgreSQL reads at its start only is
 * back with the next one: a setting is not worth the connections of everybody.
 */
export async function putBackConfiguration(
  { account }: Installation,
  dataDirectory: string,
  keptDirectory: string,
): Promise<void> {
  const changed = await changedConfiguration(dataDirectory, keptDirectory)
  for (const name of changed) {
    const target = join(dataDirectory, name)
    // As the server's own user: what that user may have planted there leads nowhere that it could not go itself.
    await run(
      'sh',
      ['-c', 'umask 077; rm -rf "$1" "$1.kept" && cat > "$1.kept" && mv "$1.kept" "$1"', 'sh', target],
      {
        account,
        input: (await read(keptDirectory, name)) ?? '',
        writesBelow: dataDirectory,
      },
    )
  }
  const server = changed.length > 0 ? await findServer(dataDirectory) : null
  if (server) process.kill(server.pid, 'SIGHUP')
}
