import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { installPostgres, type Installation } from '@toygres/local-postgres'
import { firstQuery } from './first-query.ts'

/**
 * The rival: what somebody with the same binaries types who wants a server now (`initdb`, `pg_ctl start`).
 * Nothing is recorded, sealed or verified, and the server takes logins without a password.
 */
export class ByHand {
  readonly #installation: Installation
  readonly #directory: string
  #port: number

  private constructor(installation: Installation, directory: string, port: number) {
    this.#installation = installation
    this.#directory = directory
    this.#port = port
  }

  static async in(directory: string, firstPort: number): Promise<ByHand> {
    const installation = await installPostgres(directory, '18')
    await mkdir(join(directory, 'by-hand'))
    const { account } = installation
    if (account) await chown(join(directory, 'by-hand'), account.uid, account.gid)
    return new ByHand(installation, directory, firstPort)
  }

  /** Milliseconds from nothing to the first answer of a new server, which is stopped again. */
  async create(): Promise<number> {
    const port = this.#port++
    const data = join(this.#directory, 'by-hand', String(port))
    const began = performance.now()
    await this.#run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--no-instructions'])
    const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`
    await this.#run('pg_ctl', ['-D', data, '-l', `${data}.log`, '-o', settings, '-w', 'start'])
    await firstQuery(`postgres://postgres@127.0.0.1:${port}/postgres`)
    const took = performance.now() - began
    await this.#run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop'])
    return took
  }

  async #run(name: string, args: readonly string[]): Promise<void> {
    const { account, home, version } = this.#installation
    const identity = account ? { uid: account.uid, gid: account.gid } : {}
    const child = spawn(join(home, 'postgres', version, 'bin', name), args, {
      cwd: '/',
      stdio: 'ignore',
      ...identity,
    })
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0) throw new Error(`${name} ended with ${code}`)
  }
}
