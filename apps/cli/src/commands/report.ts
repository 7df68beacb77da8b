import { Command } from 'commander'
import { print, say } from '../output/print.ts'
import type { GlobalFlags } from '../session.ts'
import manifest from '../../package.json' with { type: 'json' }

interface ReportFlags {
  file?: string
  instanceLogs?: boolean
}

export const reportCommand = (): Command =>
  new Command('report')
    .description(
      'write a file for whoever is to help: what "doctor" says, states, histories and logs, without secrets',
    )
    .option('--file <path>', 'where to (default: toygres-report-<time>.tar.gz)')
    .option('--instance-logs', "the instances' own logs too: they hold statements, and so perhaps data")
    .addHelpText(
      'after',
      `
Keys and passwords are taken out of everything. Names of instances, addresses of machines and
messages of errors stay: look through it before you hand it on ("tar -xzf FILE").`,
    )
    .action(report)

async function report({ file, instanceLogs = false }: ReportFlags, command: Command): Promise<void> {
  const { output, ...where } = command.optsWithGlobals<GlobalFlags>()
  const { writeReport } = await import('../support/write-report.ts')
  const written = await writeReport({ where, file, instanceLogs, version: manifest.version })
  await print(output, written, { view: () => written.path, name: () => written.path })
  say('Keys and passwords are taken out. Look through it before you hand it on.')
}
