import { Command } from 'commander'
import { healthView } from '../../output/health-view.ts'
import { print } from '../../output/print.ts'
import { openSession } from '../../session.ts'

export const healthGetCommand = (): Command =>
  new Command('get')
    .description('show what the last health check of an instance saw')
    .argument('<name>', 'its name or id')
    .action(async (name: string, _: object, command: Command) => {
      const { toygres, format } = await openSession(command)
      const health = await toygres.health.get(name)
      await print(format, health, () => healthView(health))
    })
