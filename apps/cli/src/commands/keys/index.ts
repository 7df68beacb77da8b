import { Command } from 'commander'
import { keysCreateCommand } from './create.ts'
import { keysListCommand } from './list.ts'
import { keysRevokeCommand } from './revoke.ts'

export const keysCommand = (): Command =>
  new Command('keys')
    .description('API keys: who may call the control plane, and as what')
    .addCommand(keysListCommand())
    .addCommand(keysCreateCommand())
    .addCommand(keysRevokeCommand())
