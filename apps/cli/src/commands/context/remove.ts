import { Argument, Command } from 'commander'
import { naming } from '../../completion/subjects.ts'
import { contextNamed, contextsFile, readContexts, writeContexts } from '../../config/contexts.ts'
import { say } from '../../output/print.ts'

export const contextRemoveCommand = (): Command =>
  new Command('remove')
    .alias('rm')
    .description('forget a context, and its key with it; the key stays good')
    .addArgument(naming(new Argument('<name>', 'of "toygres context list"'), 'context'))
    .action(async (name: string) => {
      const path = contextsFile(process.env)
      const contexts = await readContexts(path)
      contextNamed(contexts, name)
      const { [name]: _, ...entries } = contexts.entries
      await writeContexts(path, { current: contexts.current === name ? null : contexts.current, entries })
      say(`${name} is forgotten. Where nobody else uses its key, end that with "toygres keys revoke".`)
    })
