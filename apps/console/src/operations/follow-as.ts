import type { Operation } from '@toygres/sdk'
import type { CopyForm } from '../ui/copy-forms.ts'

/** How a terminal and programs wait for it. */
export function followAs({ id }: Operation): CopyForm[] {
  const input = encodeURIComponent(JSON.stringify({ json: { id } }))
  return [
    { name: 'CLI', text: `toygres ops watch ${id}` },
    {
      name: 'TypeScript',
      text: [
        `const operation = await toygres.operations.get(`,
        `  '${id}',`,
        `)`,
        `for await (const event of operation.events())`,
        `  console.log(event.step, event.state)`,
      ].join('\n'),
    },
    {
      name: 'curl',
      text: [
        `curl -N '${location.origin}/trpc/operations.watch?input=${input}' \\`,
        `  -H "Authorization: Bearer $TOYGRES_API_KEY"`,
      ].join('\n'),
    },
  ]
}
