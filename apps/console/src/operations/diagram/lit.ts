import type { Operation } from '@toygres/sdk'

export type Light = 'dark' | 'done' | 'now' | 'waiting' | 'failed' | 'undone'

/** How each node of the diagram stands, from the operation as it is now. */
export function lightOf({ state, steps }: Operation, node: string): Light {
  if (node === 'succeeded') return state === 'succeeded' ? 'done' : 'dark'
  if (node === 'failed') return state === 'failed' ? 'failed' : state === 'cancelled' ? 'undone' : 'dark'
  const undoes = node.startsWith('undo ')
  const step = steps.find(({ name }) => name === (undoes ? node.slice('undo '.length) : node))
  if (undoes) return step?.state === 'undone' ? 'undone' : step?.state === 'undoing' ? 'now' : 'dark'
  switch (step?.state) {
    case 'succeeded':
      return 'done'
    case 'running':
      return 'now'
    case 'waiting':
    case 'retrying':
      return 'waiting'
    case 'failed':
      return 'failed'
    case 'undoing':
    case 'undone':
      return step.error === null ? 'done' : 'failed'
    case 'pending':
    case undefined:
      return 'dark'
  }
}

/** An edge is lit that was gone along. */
export function isTaken(operation: Operation, from: string, to: string, when: 'done' | 'failed'): boolean {
  const [before, after] = [lightOf(operation, from), lightOf(operation, to)]
  if (after === 'dark') return false
  return when === 'failed' ? before === 'failed' : before === 'done' || before === 'undone'
}
