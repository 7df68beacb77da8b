import type { DriftKind } from '@toygres/schema'
import { hours, minutes, seconds } from '@toygres/workflow'

export interface RepairPolicy {
  /** How long an orphan is only reported before it is removed. */
  readonly orphanGraceMs: number
  /** Whether what somebody changed is put back, or only reported. */
  readonly changedSpec: 'put-back' | 'report'
}

/** An orphan may hold data of somebody whose metadata was lost: a week to notice. */
export const defaultRepairPolicy: RepairPolicy = { orphanGraceMs: hours(7 * 24), changedSpec: 'put-back' }

/** A server that dies more often than this within an hour is left to a person. */
export const mostRestartsPerHour = 10

const longestDelayMs = minutes(5)

/** The first repair comes at once, those after it later and later. */
export const backOffMs = (repairs: number): number =>
  repairs === 0 ? 0 : Math.min(seconds(1) * 2 ** Math.min(repairs - 1, 20), longestDelayMs)

/**
 * How long after now a repair may be tried; null when a person must act.
 * @param repairs that were tried within the last hour
 */
export function repairDelayMs(
  { kind, hopeless, repairs }: { kind: DriftKind; hopeless: boolean; repairs: number },
  policy: RepairPolicy,
): number | null {
  if (hopeless) return null
  switch (kind) {
    case 'data-missing':
      return null
    case 'server-down':
      return repairs >= mostRestartsPerHour ? null : backOffMs(repairs)
    case 'spec-changed':
      return policy.changedSpec === 'put-back' ? backOffMs(repairs) : null
    case 'orphan':
      return repairs === 0 ? policy.orphanGraceMs : backOffMs(repairs)
    case 'operation-gone':
    case 'leftover':
      return backOffMs(repairs)
  }
}
