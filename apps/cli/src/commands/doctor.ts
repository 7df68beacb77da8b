import { Command } from 'commander'
import { CliError } from '../cli-error.ts'
import type { Check } from '../doctor/check.ts'
import { print } from '../output/print.ts'
import { table } from '../output/table.ts'
import type { Style } from '../output/text.ts'
import type { GlobalFlags } from '../session.ts'
import manifest from '../../package.json' with { type: 'json' }

export const doctorCommand = (): Command =>
  new Command('doctor')
    .description(
      'check everything that must be right, and say what to do; exits with 1 where something is wrong',
    )
    .action(async (_: object, command: Command) => {
      const { output, ...where } = command.optsWithGlobals<GlobalFlags>()
      const { examine } = await import('../doctor/examine.ts')
      const checks = await examine(where, manifest.version)
      const failed = checks.filter(({ state }) => state === 'fail')
      await print(output, { ok: failed.length === 0, checks }, { view: () => checksView(checks) })
      const [first] = failed
      if (first !== undefined)
        throw new CliError(
          'UNWELL',
          `${failed.length} of ${checks.length} checks failed: ${failed.map(({ name }) => name).join(', ')}`,
        )
    })

const styles: Record<Check['state'], Style> = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' }

function checksView(checks: readonly Check[]): string {
  const rows = table<Check>(
    [
      { title: 'CHECK', cell: ({ name }) => name },
      { title: 'STATE', cell: ({ state }) => state, style: ({ state }) => styles[state] },
      { title: 'DETAIL', cell: ({ detail }) => detail },
    ],
    checks,
  )
  const advice = checks.flatMap((check) =>
    check.advice === null ? [] : [`  ${check.name}: ${check.advice}`],
  )
  return advice.length === 0 ? rows : `${rows}\n\nWhat to do:\n${advice.join('\n')}`
}
