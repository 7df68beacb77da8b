import { Command } from 'commander'
import { instanceArgument } from '../completion/subjects.ts'
import { print } from '../output/print.ts'
import { openSession } from '../session.ts'

export const urlCommand = (): Command =>
  new Command('url')
    .description('print the string to connect to an instance, password included')
    .addArgument(instanceArgument())
    .action(async (name: string, _: object, command: Command) => {
      const { toygres, format } = await openSession(command)
      const connection = await toygres.instances.connection(name)
      await print(format, connection, { view: () => connection.connectionString, name: () => name })
    })
