import type { Operation } from '@toygres/sdk'
import { commandLine, curlCall, curlStream, withClient, type CopyForm } from '../ui/copy-forms.ts'
import { mayCancel, mayRetry } from './what-can-be-done.ts'

/** How a terminal and programs wait for it. */
export function followAs({ id }: Operation): CopyForm[] {
  return [
    { name: 'CLI', text: commandLine(`ops watch ${id}`) },
    {
      name: 'TypeScript',
      text: withClient(
        `for await (const event of toygres.operations.watch(`,
        `  '${id}',`,
        `))`,
        `  console.log(event.step, event.state)`,
      ),
    },
    { name: 'curl', text: curlStream('operations.watch', { id }) },
  ]
}

/** How they do what its buttons do; nothing where there is nothing to be done. */
export function changeAs(operation: Operation): { title: string; forms: CopyForm[] } | null {
  if (mayRetry(operation)) return { title: 'Try again elsewhere', forms: verbAs('retry', operation) }
  if (mayCancel(operation)) return { title: 'Cancel it elsewhere', forms: verbAs('cancel', operation) }
  return null
}

function verbAs(verb: 'cancel' | 'retry', { id }: Operation): CopyForm[] {
  return [
    { name: 'CLI', text: commandLine(`ops ${verb} ${id}`) },
    { name: 'TypeScript', text: withClient(`await toygres.operations.${verb}(`, `  '${id}',`, `)`) },
    { name: 'curl', text: curlCall(`operations.${verb}`, { id }) },
  ]
}
