import { Command } from 'commander'
import { keysCreateCommand } from './create.ts'
import { keysGetCommand } from './get.ts'
import { keysListCommand } from './list.ts'
import { keysRevokeCommand } from './revoke.ts'
import { keysRotateCommand } from './rotate.ts'

export const keysCommand = (): Command =>
  new Command('keys')
    .description('API keys: who may call the control plane, and as what')
    .addCommand(keysListCommand())
    .addCommand(keysGetCommand())
    .addCommand(keysCreateCommand())
    .addCommand(keysRotateCommand())
    .addCommand(keysRevokeCommand())
