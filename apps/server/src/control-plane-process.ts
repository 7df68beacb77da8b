import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createApi, readConsoleFiles } from '@toygres/api'
import { makePrivateDirectory } from '@toygres/local-postgres'
import {
  AnotherHome,
  controlPlaneId,
  migrate,
  startControlPlane,
  withoutPassword,
  WrongSealingKey,
} from '@toygres/control-plane'
import { writeClientFile } from './client-file.ts'
import type { Home } from './home.ts'
import { readOrMakeHomeId } from './home-id.ts'
import { listen } from './listen.ts'
import { logPath, openLog } from './logger.ts'
import { openMetadataDatabase } from './metadata-database.ts'
import { addressOf, providerOf, type UpOptions } from './options.ts'
import { openProvider } from './provider.ts'
import { readRepairSettings } from './repair-settings.ts'
import { sayRunning, sayStopped, type Settings } from './run-file.ts'
import { readOrMakeSecrets } from './secrets.ts'
import { readTokenSettings } from './token-settings.ts'
import { readWebhookSettings } from './webhook-settings.ts'
import { UserError } from './user-error.ts'
import { version } from './version.ts'

/** Milliseconds for running steps, and as much again for requests, when the process is told to stop. */
const drainMs = 10_000

/** As it is built: this file's package and the console's stay beside each other. */
const consoleDirectory = fileURLToPath(new URL('../../console/dist', import.meta.url))

export interface ControlPlaneProcess {
  readonly url: string
  readonly logPath: string
  /** Settles with the reason once it cannot go on. */
  readonly lost: Promise<Error>
  stop(): Promise<void>
}

/** Starts everything, in the order in which each part needs the one before; stops it in reverse, also after a failed start. */
export async function startProcess(home: Home, options: UpOptions): Promise<ControlPlaneProcess> {
  await using cleanup = new AsyncDisposableStack()
  await makePrivateDirectory(home.logs)
  const settings = settingsOf(options)
  await sayRunning(home, null, settings)
  cleanup.defer(() => sayStopped(home))

  const tokens = readTokenSettings(process.env)
  const repair = readRepairSettings(process.env)
  const log = openLog(home)
  cleanup.defer(() => log.close())
  const secrets = await readOrMakeSecrets(home, process.env)
  const database = await openMetadataDatabase(home, {
    databaseUrl: options.databaseUrl,
    password: secrets.metadataPassword,
    onRestart: () => log.logger.warn('the metadata PostgreSQL had ended and was started again'),
  })
  cleanup.defer(() => database.stop())
  await migrateOrExplain(database.url)

  const owner = await controlPlaneId(database.url)
  const { provider } = cleanup.use(await openProvider(providerOf(options), { home, owner }))
  // The database is bound to it from here on: what is refused is refused before.
  const homeRef = await readOrMakeHomeId(home)
  const controlPlane = await startControlPlane({
    databaseUrl: database.url,
    embedded: database.embedded,
    provider,
    sealingKey: secrets.sealingKey,
    // A cluster's instances are on nobody's disk: control planes of any home may share them.
    ...(providerOf(options) === 'local' && { home: homeRef }),
    ...(tokens && { tokens }),
    webhooks: readWebhookSettings(process.env),
    repair,
    version,
    logger: log.logger,
  }).catch(explainRefusal)
  cleanup.defer(() =>
    within(2 * drainMs, controlPlane.stop(drainMs), () => {
      log.logger.warn('the metadata PostgreSQL does not answer: what waits for it is left')
      // It ends with its database, in errors that say nothing new and are nobody's.
      for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, () => {})
    }),
  )

  const stopping = new AbortController()
  const consoleFiles = await readConsoleFiles(consoleDirectory)
  const api = createApi({
    controlPlane,
    logger: log.logger,
    stopping: stopping.signal,
    ...(consoleFiles && { consoleFiles }),
  })
  const { url, close } = await listen((request, address) => api.fetch(request, address), addressOf(options))
  cleanup.defer(() => {
    stopping.abort()
    return close(drainMs)
  })
  await writeClientFile(home, url, controlPlane, database.url, homeRef)
  await sayRunning(home, url, settings)
  log.logger.info({ url, version }, 'listening')

  const everything = cleanup.move()
  return {
    url,
    logPath: logPath(home),
    lost: database.lost,
    stop: () => everything.disposeAsync(),
  }
}

const settingsOf = (options: UpOptions): Settings => ({
  host: addressOf(options).host,
  provider: providerOf(options),
  database: options.databaseUrl === undefined ? null : withoutPassword(options.databaseUrl),
})

/** What still waits then waits for a database that hears nothing any more. That is stopped next, the hard way if need be. */
async function within(ms: number, work: Promise<void>, onTooLate: () => void): Promise<void> {
  const late = Symbol('late')
  if ((await Promise.race([work, sleep(ms, late, { ref: false })])) !== late) return
  work.catch(() => {})
  onTooLate()
}

async function migrateOrExplain(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(`the metadata database ${withoutPassword(databaseUrl)} cannot be used: ${why}`)
  })
}

function explainRefusal(error: unknown): never {
  if (error instanceof AnotherHome)
    throw new UserError(`${error.message}: use that --home, or give this one a database of its own`)
  if (!(error instanceof WrongSealingKey)) throw error
  throw new UserError(
    `${error.message}: start with the secrets.json or the TOYGRES_SEALING_KEY that were in use when the instances were made`,
  )
}
