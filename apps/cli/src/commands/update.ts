import type { Instance, LabelChanges } from '@toygres/sdk'
import { Command, Option } from 'commander'
import { answerDue } from '../answer-due.ts'
import { CliError, usageError } from '../cli-error.ts'
import { instanceArgument } from '../completion/subjects.ts'
import { collectWords, labelOption, type Labels } from '../labels.ts'
import {
  conditionOf,
  dryRunFlag,
  ifMatchFlag,
  mutationFlags,
  mutationOptions,
  type ConditionFlags,
} from '../mutation-flags.ts'
import { instanceView } from '../output/instance-view.ts'
import { showPlan } from '../output/plan-view.ts'
import { print, say } from '../output/print.ts'
import { openSession } from '../session.ts'
import { waitFlags, waitInView, type WaitFlags } from '../wait.ts'
import { parseInterval } from './health/set.ts'

interface UpdateFlags extends WaitFlags, ConditionFlags {
  checkEvery?: number
  label?: Labels
  removeLabel?: readonly string[]
}

export const updateCommand = (): Command =>
  mutationFlags(
    waitFlags(
      new Command('update')
        .description('change settings of an instance; what is not named stays')
        .addArgument(instanceArgument())
        .addOption(labelOption('add or change a label; may be repeated'))
        .addOption(
          new Option('--remove-label <name>', 'take a label away; may be repeated').argParser(collectWords),
        )
        .addOption(
          new Option('--check-every <duration>', 'health check, from 5s to 1h').argParser(parseInterval),
        )
        .addOption(ifMatchFlag())
        .addOption(dryRunFlag()),
    ),
  ).action(update)

async function update(
  name: string,
  { checkEvery, label, removeLabel, ...flags }: UpdateFlags,
  command: Command,
): Promise<void> {
  const relabels = label !== undefined || removeLabel !== undefined
  if (checkEvery === undefined && !relabels)
    throw usageError('nothing is to be changed', 'say what with --label, --remove-label or --check-every')

  const both = removeLabel?.find((one) => label !== undefined && Object.hasOwn(label, one))
  if (both !== undefined)
    throw usageError(`label ${both} is to be set and taken away`, 'say one of --label and --remove-label')

  const { toygres, format } = await openSession(command)
  // Nothing that was read goes into the request: so it is the same one when it is sent again.
  const changes = {
    ...(checkEvery !== undefined && { healthCheckIntervalSeconds: checkEvery }),
    ...(relabels && { labelChanges: labelChanges(label, removeLabel) }),
  }
  const condition = conditionOf(flags)
  if (flags.dryRun) {
    const bounds = { ...condition, signal: answerDue(flags) }
    return showPlan(format, await toygres.instances.planUpdate(name, changes, bounds))
  }

  const options = { ...mutationOptions(flags), ...condition }
  const { instance, operation } = await toygres.instances.update(name, changes, options)
  mustBeLabelled(instance, changes.labelChanges)
  if (operation !== null) {
    if (!flags.wait) say(`It takes time. Follow it with "toygres ops wait ${operation.id}"`)
    else await waitInView(operation, `Updating ${instance.name}`, flags.timeout)
  }
  await print(format, instance, { view: () => instanceView(instance), name: () => instance.name })
}

/** A control plane that is older than changes of single labels leaves out what it does not know, and answers as if all were well. */
function mustBeLabelled({ labels }: Instance, changes: LabelChanges = {}): void {
  if (Object.entries(changes).every(([name, value]) => (labels[name] ?? null) === value)) return
  throw new CliError(
    'UNAVAILABLE',
    'this control plane is too old to change single labels: nothing of them was changed',
    {
      hint: 'bring it to the version of this command, or set all labels through its API',
    },
  )
}

const labelChanges = (added: Labels = {}, removed: readonly string[] = []): LabelChanges => ({
  ...added,
  ...Object.fromEntries(removed.map((name) => [name, null])),
})
