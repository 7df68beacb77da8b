import { expect, test } from 'vitest'
import { LabelChanges, labelRule, Labels } from './labels.ts'

test.each(['', 'Team', '1st', 'a b', 'a'.repeat(64), '__proto__'])(
  '%j is no name of a label, and the rule is told of it',
  (name) => {
    for (const schema of [Labels, LabelChanges]) {
      const { error } = schema.safeParse({ [name]: 'payments' })
      expect(error?.issues).toMatchObject([{ message: labelRule, path: [name] }])
    }
  },
)

test.each([null, 'team', 1, ['team']])('%j is no labels', (value) => {
  for (const schema of [Labels, LabelChanges]) expect(schema.safeParse(value).success).toBe(false)
})

test.each(['\ud800', 'a\u0000b', 'two\nlines'])('%j is no value of a label', (value) => {
  expect(Labels.safeParse({ team: value }).success).toBe(false)
})

test.each(['a', 'team', 'example.com/team_2-b', 'a'.repeat(63)])('%j is a name of a label', (name) => {
  expect(Labels.parse({ [name]: "it's ours" })).toEqual({ [name]: "it's ours" })
})
