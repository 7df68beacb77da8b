import { Command } from 'commander'
import { projectArgument } from '../../completion/subjects.ts'
import {
  conditionOf,
  ifMatchFlag,
  mutationFlags,
  mutationOptions,
  type ConditionFlags,
} from '../../mutation-flags.ts'
import { print, say } from '../../output/print.ts'
import { openSession } from '../../session.ts'

export const projectsDeleteCommand = (): Command =>
  mutationFlags(
    new Command('delete')
      .alias('rm')
      .description('remove a project that is empty')
      .addArgument(projectArgument())
      .addOption(ifMatchFlag('project')),
  ).action(async (name: string, flags: ConditionFlags, command: Command) => {
    const { toygres, format } = await openSession(command)
    const project = await toygres.projects.delete(name, { ...mutationOptions(flags), ...conditionOf(flags) })
    if (format === 'table') return say(`The project ${project.name} is deleted.`)
    await print(format, project, { view: () => '', name: () => project.name })
  })
