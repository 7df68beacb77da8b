import { join } from 'node:path'
import { contextInUse, readConfig, type FoundConfig, type WhereFlags } from '../config/config.ts'
import { clientFileIn } from '../config/client-file.ts'
import { contextsFile, localContext } from '../config/contexts.ts'
import { homeOf } from '../config/home.ts'
import { explain } from '../explain.ts'
import { openToygres } from '../session.ts'
import { fail, ok, skip, type Check } from './check.ts'
import { checkDisk, checkNode, checkPort, checkProcess, checkSecretFiles } from './machine-checks.ts'
import { checkDrift, checkInstances, checkOperations } from './fleet-checks.ts'
import { checkClock, checkDatabase, checkKey, checkProvider, checkServer } from './plane-checks.ts'
import { readRunFile } from './run-file.ts'

/** Looks at everything that must be right, in the order in which one thing needs the other. */
export async function examine(flags: WhereFlags, version: string): Promise<Check[]> {
  const env = process.env
  const home = homeOf(flags.home, env)
  const [configuration, config] = await checkConfiguration(flags)
  const local = config === null ? await isLocal(flags) : config.home !== null
  const running = local ? await readRunFile(home) : null
  return [
    checkNode(process.versions.node),
    configuration,
    await checkSecretFiles([clientFileIn(home), join(home, 'secrets.json'), contextsFile(env)]),
    ...(running === null ? [] : [checkProcess(running, home), await checkDisk(home)]),
    ...(config === null ? [skip('server', 'not known where')] : await examinePlane(config, running, version)),
  ]
}

const isLocal = (flags: WhereFlags): Promise<boolean> =>
  contextInUse(flags, process.env).then(
    (name) => name === localContext,
    () => false,
  )

async function checkConfiguration(flags: WhereFlags): Promise<readonly [Check, FoundConfig | null]> {
  const name = 'configuration'
  try {
    const config = await readConfig(flags, process.env)
    return [ok(name, `${config.url}, by ${config.source}`), config]
  } catch (error) {
    const { message, hint } = explain(error)
    return [fail(name, message, hint ?? 'see "toygres --help"'), null]
  }
}

/** Milliseconds for whatever is asked of a control plane: also one that is slow with each of many pages has to be told of. */
const longestMs = 30_000

/** Everything at once: a control plane that is stuck keeps silent to each. */
async function examinePlane(
  config: FoundConfig,
  running: Parameters<typeof checkPort>[1],
  version: string,
): Promise<Check[]> {
  const { url, keySource } = config
  const port = await checkPort(url, running)
  if (port.state !== 'ok' || (running !== null && running.state !== 'listening'))
    return [port, skip('server', 'it does not run')]
  const toygres = await openToygres(config)
  const bounds = { signal: AbortSignal.timeout(longestMs) }
  const [server, clock, [key, status], ...fleet] = await Promise.all([
    checkServer(toygres, version, bounds),
    checkClock(url),
    checkKey(toygres, keySource, bounds),
    checkDrift(toygres, bounds),
    checkInstances(toygres, bounds),
    checkOperations(toygres, bounds),
  ])
  if (server.state === 'fail')
    return [port, server, clock, skip('key', 'not known while the server is not well')]
  if (key.state !== 'ok') return [port, server, clock, key]
  return [port, server, clock, key, checkDatabase(status), checkProvider(status), ...fleet]
}
