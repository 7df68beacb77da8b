import { z } from 'zod'
import { isWellFormed } from './well-formed.ts'

export const labelRule =
  'the name of a label is 1 to 63 characters, lower-case letters, digits, "-", "_", "." and "/", and begins with a letter'

const LabelName = z.string().regex(/^[a-z][a-z0-9_./-]{0,62}$/, labelRule)
const LabelValue = z
  .string()
  .max(128, 'the value of a label is 128 characters at most')
  .regex(/^\P{Cc}*$/u, 'the value of a label has no control characters')
  .refine(isWellFormed, 'the value of a label is not well-formed Unicode')

/** What is wrong with a name would only be found inside the issue that says that one is. */
const ruleOfName = ({ code }: { readonly code: string }): string | undefined =>
  code === 'invalid_key' ? labelRule : undefined

/** A record leaves `__proto__` out without a word, and labels that lack it are others than were asked for. */
const everyName = <Schema extends z.ZodRecord>(record: Schema) =>
  z.preprocess((labels: z.input<Schema>, { addIssue }) => {
    if (typeof labels === 'object' && labels !== null && Object.hasOwn(labels, '__proto__'))
      addIssue({ code: 'custom', message: labelRule, path: ['__proto__'] })
    return labels
  }, record)

/** What people mark an instance with, for themselves: Toygres decides nothing by it. */
export const Labels = everyName(
  z
    .record(LabelName, LabelValue, { error: ruleOfName })
    .refine((labels) => Object.keys(labels).length <= 32, 'an instance has 32 labels at most'),
).meta({ id: 'Labels' })
export type Labels = z.infer<typeof Labels>

/** A label with a value is added or changed, one with null taken away; the others stay as they are. */
export const LabelChanges = everyName(
  z
    .record(LabelName, LabelValue.nullable(), { error: ruleOfName })
    .refine((changes) => Object.keys(changes).length <= 64, 'at most 64 labels are changed at once'),
).meta({ id: 'LabelChanges' })
export type LabelChanges = z.infer<typeof LabelChanges>
