import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorVerifier } from '@toygres/control-plane'
import { serverAccount } from '@toygres/local-postgres'
import postgres from 'postgres'
import { embeddedServer } from '../../harness/postgres/index.ts'

export interface Targets extends AsyncDisposable {
  /** PgBouncer listens here on every loopback address. */
  readonly port: number
  /** Accepts and then says nothing, likewise. */
  readonly hangingPort: number
  readonly monitorPassword: string
}

const monitorPassword = 'the-same-for-every-target-of-a-benchmark'

/** One PostgreSQL behind PgBouncer (Debian's package `pgbouncer`), which asks for SCRAM logins. */
export async function startTargets(): Promise<Targets> {
  await using cleanup = new AsyncDisposableStack()
  const server = await embeddedServer()
  cleanup.defer(() => server.stop())
  // The same on both sides: PgBouncer then has nothing to derive from a password, which would cost it milliseconds a login.
  const verifier = await monitorVerifier(monitorPassword)
  const sql = postgres(server.url, { max: 1 })
  await sql.unsafe(
    `create role toygres_monitor login password '${verifier}'; grant pg_read_all_stats to toygres_monitor`,
  )
  await sql.end()

  const folder = await mkdtemp(join(tmpdir(), 'toygres-pgbouncer-'))
  cleanup.defer(() => rm(folder, { recursive: true }))
  const account = await serverAccount()
  const port = 20_000 + Math.floor(Math.random() * 5000)
  await writeFile(join(folder, 'users.txt'), `"toygres_monitor" "${verifier}"\n`)
  await writeFile(join(folder, 'pgbouncer.ini'), configuration(new URL(server.url).port, port, folder))
  await chmod(folder, 0o755)
  if (account) await chown(folder, account.uid, account.gid)
  const bouncer = spawn('/usr/sbin/pgbouncer', ['-q', join(folder, 'pgbouncer.ini')], {
    stdio: 'inherit',
    ...(account && { uid: account.uid, gid: account.gid }),
  })
  await once(bouncer, 'spawn')
  cleanup.defer(async () => {
    const exited = once(bouncer, 'exit')
    bouncer.kill('SIGTERM')
    await exited
  })

  const sockets = new Set<Socket>()
  const hanging = createServer((socket) => {
    sockets.add(socket)
    // Reads on: what is not read never ends, and each check would leave a file open.
    socket
      .on('error', () => {})
      .once('close', () => sockets.delete(socket))
      .resume()
  }).listen(0, '0.0.0.0')
  await once(hanging, 'listening')
  cleanup.defer(() => {
    for (const socket of sockets) socket.destroy()
    hanging.close()
  })
  const address = hanging.address()
  const hangingPort = typeof address === 'object' && address !== null ? address.port : 0

  const everything = cleanup.move()
  return { port, hangingPort, monitorPassword, [Symbol.asyncDispose]: () => everything.disposeAsync() }
}

const configuration = (serverPort: string, port: number, folder: string): string => `
[databases]
* = host=127.0.0.1 port=${serverPort}
[pgbouncer]
; Every address of 127/8 is one of the targets.
listen_addr = 0.0.0.0
listen_port = ${port}
unix_socket_dir =
pidfile = ${folder}/pid
auth_type = scram-sha-256
ignore_startup_parameters = search_path
auth_file = ${folder}/users.txt
pool_mode = transaction
default_pool_size = 20
max_client_conn = 5000
log_connections = 0
log_disconnections = 0
`
