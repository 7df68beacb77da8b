import { Command } from 'commander'
import { mutationFlags, mutationOptions, type MutationFlags } from '../../mutation-flags.ts'
import { print } from '../../output/print.ts'
import { projectView } from '../../output/project-view.ts'
import { openSession } from '../../session.ts'
import { quotaFlags, quotaOf, type QuotaFlags } from './quota-flags.ts'

export const projectsCreateCommand = (): Command =>
  mutationFlags(
    quotaFlags(
      new Command('create')
        .description('make a project')
        .argument('<name>', '1 to 40 lower-case letters, digits and "-"'),
    ),
  ).action(async (name: string, flags: QuotaFlags & MutationFlags, command: Command) => {
    const { toygres, format } = await openSession(command)
    const project = await toygres.projects.create({ name, quota: quotaOf(flags) }, mutationOptions(flags))
    await print(format, project, { view: () => projectView(project), name: () => project.name })
  })
