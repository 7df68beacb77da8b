import type { CommanderError } from 'commander'
import { Command, Option } from 'commander'
import { usageError } from './cli-error.ts'
import { activityCommand } from './commands/activity.ts'
import { auditCommand } from './commands/audit/index.ts'
import { contextCommand } from './commands/context/index.ts'
import { completeCommand, completionCommand } from './commands/completion.ts'
import { createCommand } from './commands/create.ts'
import { deleteCommand } from './commands/delete.ts'
import { doctorCommand } from './commands/doctor.ts'
import { driftCommand } from './commands/drift/index.ts'
import { eventsCommand } from './commands/events.ts'
import { getCommand } from './commands/get.ts'
import { healthCommand } from './commands/health/index.ts'
import { keysCommand } from './commands/keys/index.ts'
import { listCommand } from './commands/list.ts'
import { logsCommand } from './commands/logs.ts'
import { manCommand } from './commands/man.ts'
import { opsCommand } from './commands/ops/index.ts'
import { projectsCommand } from './commands/projects/index.ts'
import { psqlCommand } from './commands/psql.ts'
import { reportCommand } from './commands/report.ts'
import { downCommand, upCommand } from './commands/server.ts'
import { startCommand, stopCommand } from './commands/stop-and-start.ts'
import { statusCommand } from './commands/status.ts'
import { topCommand } from './commands/top.ts'
import { updateCommand } from './commands/update.ts'
import { urlCommand } from './commands/url.ts'
import { versionCommand } from './commands/version.ts'
import { webhooksCommand } from './commands/webhooks/index.ts'
import { naming } from './completion/subjects.ts'
import { exitCodesHelp } from './exit-codes.ts'
import { formats } from './output/print.ts'

const notes = `Environment:
  TOYGRES_HOME      where the control plane of this machine keeps everything, client.json with
                    its address and key too (default: ~/.toygres, or /var/lib/toygres for root)
  TOYGRES_URL, TOYGRES_API_KEY
                    the control plane to call instead, and the key for it: both,
                    since a key that was kept with an address is sent to no other
  TOYGRES_CONTEXT   one of "toygres context list"
  TOYGRES_PROJECT   the project to act in, for a key that opens several
  NO_COLOR          no colours

Which control plane is called: the one of --context or --home, else that of the environment,
else the context in use, else the one of this machine.

Data goes to stdout, everything else to stderr; with -o json the last line of a failure
is {"error": {"code", "message", "exitCode", ...}}.

${exitCodesHelp}`

export function createProgram(): Command {
  const program = new Command('toygres')
    .description('PostgreSQL instances as a service')
    .usage('<command> [options]')
    .addOption(new Option('-o, --output <format>', 'of data').choices(formats).default('table'))
    .addOption(
      naming(new Option('--context <name>', 'the control plane to call (TOYGRES_CONTEXT)'), 'context'),
    )
    .addOption(
      naming(
        new Option('--project <name>', 'to act in, for a key that opens several (TOYGRES_PROJECT)'),
        'project',
      ),
    )
    .option('--home <directory>', 'of the control plane of this machine (TOYGRES_HOME)')
    .addHelpText('after', `\n${notes}`)
    .commandsGroup('Instances:')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(getCommand())
    .addCommand(urlCommand())
    .addCommand(psqlCommand())
    .addCommand(updateCommand())
    .addCommand(stopCommand())
    .addCommand(startCommand())
    .addCommand(deleteCommand())
    .addCommand(healthCommand())
    .addCommand(driftCommand())
    .addCommand(logsCommand())
    .addCommand(eventsCommand())
    .commandsGroup('Operations:')
    .addCommand(opsCommand())
    .commandsGroup('Control plane:')
    .addCommand(upCommand())
    .addCommand(downCommand())
    .addCommand(statusCommand())
    .addCommand(activityCommand())
    .addCommand(topCommand())
    .addCommand(doctorCommand())
    .addCommand(reportCommand())
    .addCommand(keysCommand())
    .addCommand(projectsCommand())
    .addCommand(webhooksCommand())
    .addCommand(auditCommand())
    .addCommand(contextCommand())
    .commandsGroup('This program:')
    .addCommand(completionCommand())
    .addCommand(manCommand(notes))
    .addCommand(versionCommand())
    .addCommand(completeCommand(), { hidden: true })
  makeAlike(program, program.name())
  return program
}

/** Commands that were made on their own inherit nothing: the same manners for each. */
function makeAlike(command: Command, path: string): void {
  command
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .on('beforeHelp', () => refuseUnknown(command))
    .exitOverride((error) => {
      throw error.exitCode === 0 || error.code === 'commander.help' ? error : asUsage(error, path)
    })
  for (const child of command.commands) makeAlike(child, `${path} ${child.name()}`)
}

/** Asked how something is used that there is not, Commander would tell of what stands above it. */
function refuseUnknown(group: Command): void {
  const [first, second] = group.args
  const asked = first === 'help' ? second : first
  if (group.commands.length === 0 || asked === undefined || asked.startsWith('-')) return
  const isKnown = group.commands.some((child) => child.name() === asked || child.aliases().includes(asked))
  if (!isKnown) group.error(`error: unknown command '${asked}'`)
}

const asUsage = ({ message }: CommanderError, path: string) =>
  usageError(
    message
      .replace(/^error: /, '')
      .replace(/^command-argument value/, 'the value')
      .replace(/\n\(Did/, ' (did'),
    `see "${path} --help"`,
  )
