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

/** A server that dies, or a configuration that somebody changes, more often than this within an hour is left to a person. */
export const mostRepairsPerHour = 10

const longestDelayMs = minutes(5)

/** The first repair comes at once, those after it later and later. */
export const backOffMs = (repairs: number): number =>
  repairs === 0 ? 0 : Math.min(seconds(1) * 2 ** Math.min(repairs - 1, 20), longestDelayMs)

/** What comes back again and again has a cause that no repair reaches. */
const capped = (repairs: number): number | null => (repairs >= mostRepairsPerHour ? null : backOffMs(repairs))

/** What the policy needs to know of a finding. */
export interface ToRepair {
  readonly kind: DriftKind
  readonly hopeless: boolean
  /** That were tried within the last hour; of an orphan, since it was found, so that each that is found has its grace. */
  readonly repairs: number
}

/** How long after now a repair may be tried; null when a person must act. */
export function repairDelayMs({ kind, hopeless, repairs }: ToRepair, policy: RepairPolicy): number | null {
  if (hopeless) return null
  switch (kind) {
    case 'data-missing':
      return null
    case 'server-down':
      return capped(repairs)
    case 'spec-changed':
      return policy.changedSpec === 'put-back' ? capped(repairs) : null
    case 'orphan':
      return repairs === 0 ? policy.orphanGraceMs : backOffMs(repairs)
    case 'operation-gone':
    case 'leftover':
      return backOffMs(repairs)
  }
}

/** Whether it is left to a person only because it has come back so often. */
export const isGivenUp = (found: ToRepair, policy: RepairPolicy): boolean =>
  repairDelayMs(found, policy) === null && repairDelayMs({ ...found, repairs: 0 }, policy) !== null
