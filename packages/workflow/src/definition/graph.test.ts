import { expect, test } from 'vitest'
import { z } from 'zod'
import { workflowsOn } from './define.ts'

const trip = workflowsOn<object>()('trip', { version: 2, input: z.object({}) })
  .transact('reserve', async () => 1, { undo: async () => {} })
  .step('look', async () => 2)
  .step('book', async () => 3, { undo: async () => {} })
  .transact('confirm', async () => 4)

test('a workflow draws itself: its steps forwards, its undos backwards, and where each failure leads', () => {
  const { workflow, version, nodes, edges } = trip.graph()
  expect([workflow, version]).toEqual(['trip', 2])
  expect(nodes.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
    'transact reserve',
    'step look',
    'step book',
    'transact confirm',
    'undo undo reserve',
    'undo undo book',
    'end succeeded',
    'end failed',
  ])
  expect(edges.map(({ from, to, when }) => `${from} ${when} ${to}`)).toEqual([
    'reserve done look',
    'reserve failed undo reserve',
    'look done book',
    'look failed undo reserve',
    'book done confirm',
    'book failed undo book',
    'confirm done succeeded',
    'confirm failed undo book',
    'undo reserve done failed',
    'undo book done undo reserve',
  ])
})
