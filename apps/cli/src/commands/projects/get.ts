import { Command } from 'commander'
import { projectArgument } from '../../completion/subjects.ts'
import { watchFlag } from '../../output/list-flags.ts'
import { projectView } from '../../output/project-view.ts'
import { openSession } from '../../session.ts'
import { show, type WatchFlags } from '../../showing.ts'

export const projectsGetCommand = (): Command =>
  new Command('get')
    .description('show a project, its quota and how much of it is used')
    .addArgument(projectArgument())
    .addOption(watchFlag())
    .action(async (name: string, flags: WatchFlags, command: Command) => {
      const session = await openSession(command)
      await show(
        session,
        () => session.toygres.projects.get(name),
        (project) => ({ view: () => projectView(project), name: () => project.name }),
        flags,
      )
    })
