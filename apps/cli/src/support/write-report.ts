import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { CliError } from '../cli-error.ts'
import { readConfig, type WhereFlags } from '../config/config.ts'
import { homeOf } from '../config/home.ts'
import { examine } from '../doctor/examine.ts'
import { openToygres } from '../session.ts'
import { collectReport } from './collect.ts'
import { redactor } from './redact.ts'
import { secretsHere } from './secrets.ts'
import { tarOf } from './tar.ts'

export interface ReportOptions {
  readonly where: WhereFlags
  readonly file: string | undefined
  readonly instanceLogs: boolean
  readonly version: string
}

/** Writes the report, and returns where to and what is in it. */
export async function writeReport({
  where,
  file,
  instanceLogs,
  version,
}: ReportOptions): Promise<{ path: string; files: string[] }> {
  const madeAt = new Date()
  const checks = await examine(where, version)
  const { toygres, home, apiKey } = await planeOf(where)
  const files = await collectReport({ version, checks, home, toygres, withInstanceLogs: instanceLogs })

  const redact = redactor([...(await secretsHere(homeOf(where.home, process.env), process.env)), ...apiKey])
  const name = `toygres-report-${madeAt.toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}`
  const archive = tarOf(
    files.map(({ path, text }) => ({ path: `${name}/${path}`, text: redact(text) })),
    madeAt,
  )
  const path = file ?? `${name}.tar.gz`
  await writeNew(path, await promisify(gzip)(archive))
  return { path, files: files.map((one) => one.path) }
}

async function planeOf(where: WhereFlags) {
  const config = await readConfig(where, process.env).catch(() => null)
  if (config === null) return { toygres: null, home: homeOf(where.home, process.env), apiKey: [] }
  return { toygres: await openToygres(config), home: config.home, apiKey: [config.apiKey] }
}

/** For its owner alone, and never over a file that is there. */
async function writeNew(path: string, bytes: Buffer): Promise<void> {
  try {
    await using file = await open(path, 'wx', 0o600)
    await file.writeFile(bytes)
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    const why = error instanceof Error ? error.message : String(error)
    throw new CliError(
      'NOT_WRITTEN',
      exists ? `there is a file ${path} already` : `${path} cannot be written: ${why}`,
      { hint: exists ? 'remove it, or say another place with --file' : 'say where to with --file' },
    )
  }
}
