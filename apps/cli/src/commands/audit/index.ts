import { Command } from 'commander'
import { auditListCommand } from './list.ts'

export const auditCommand = (): Command =>
  new Command('audit').description('who did what, or tried to').addCommand(auditListCommand())
