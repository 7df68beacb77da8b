import { Command } from 'commander'
import { instanceView } from '../output/instance-view.ts'
import { print } from '../output/print.ts'
import { openSession } from '../session.ts'

export const getCommand = (): Command =>
  new Command('get')
    .description('show an instance')
    .argument('<name>', 'its name or id')
    .action(async (name: string, _: object, command: Command) => {
      const { toygres, format } = await openSession(command)
      const instance = await toygres.instances.get(name)
      await print(format, instance, () => instanceView(instance))
    })
