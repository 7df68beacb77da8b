import { Command } from 'commander'
import { usageError } from '../../cli-error.ts'
import { projectArgument } from '../../completion/subjects.ts'
import {
  conditionOf,
  ifMatchFlag,
  mutationFlags,
  mutationOptions,
  type ConditionFlags,
} from '../../mutation-flags.ts'
import { print } from '../../output/print.ts'
import { projectView } from '../../output/project-view.ts'
import { openSession } from '../../session.ts'
import { quotaFlags, quotaOf, type QuotaFlags } from './quota-flags.ts'

export const projectsUpdateCommand = (): Command =>
  mutationFlags(
    quotaFlags(
      new Command('update')
        .description('change the quota of a project; what is in use beyond it stays')
        .addArgument(projectArgument())
        .addOption(ifMatchFlag('project')),
    ),
  ).action(async (name: string, flags: QuotaFlags & ConditionFlags, command: Command) => {
    const quota = quotaOf(flags)
    if (Object.keys(quota).length === 0)
      throw usageError('nothing is to be changed', 'say what with --max-instances or --max-operations')
    const { toygres, format } = await openSession(command)
    const project = await toygres.projects.update(
      name,
      { quota },
      { ...mutationOptions(flags), ...conditionOf(flags) },
    )
    await print(format, project, { view: () => projectView(project), name: () => project.name })
  })
