import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPostgres, postgresMajors } from '@toygres/local-postgres'

// build-main.ts [CLUSTER]: toygres/postgres of every major, and into that kind cluster: for machines that can pull no image.
const [cluster] = process.argv.slice(2)
/** What docker/postgres gets from Debian itself. */
const packaged = '17'
const root = new URL('../../..', import.meta.url).pathname
const tag = (major: string) => `toygres/postgres:${major}`

build(packaged, join(root, 'docker/postgres'))
for (const major of postgresMajors) {
  if (major === packaged) continue
  const home = await mkdtemp(join(tmpdir(), 'toygres-image-'))
  try {
    await installPostgres(home, major)
    const [version = ''] = await readdir(join(home, 'postgres'))
    build(major, join(home, 'postgres', version), join(import.meta.dirname, 'Dockerfile'))
  } finally {
    await rm(home, { recursive: true })
  }
}
if (cluster !== undefined)
  run('kind', ['load', 'docker-image', '--name', cluster, ...postgresMajors.map(tag)])

function build(major: string, context: string, dockerfile = join(context, 'Dockerfile')): void {
  run('docker', [
    'build',
    '-q',
    '--build-arg',
    `PG_MAJOR=${major}`,
    '-t',
    tag(major),
    '-f',
    dockerfile,
    context,
  ])
}

function run(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}
