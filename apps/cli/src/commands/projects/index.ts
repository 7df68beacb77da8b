import { Command } from 'commander'
import { projectsCreateCommand } from './create.ts'
import { projectsDeleteCommand } from './delete.ts'
import { projectsGetCommand } from './get.ts'
import { projectsListCommand } from './list.ts'
import { projectsUpdateCommand } from './update.ts'

export const projectsCommand = (): Command =>
  new Command('projects')
    .description('tenants: what is in one is not there for the others')
    .addCommand(projectsListCommand())
    .addCommand(projectsGetCommand())
    .addCommand(projectsCreateCommand())
    .addCommand(projectsUpdateCommand())
    .addCommand(projectsDeleteCommand())
