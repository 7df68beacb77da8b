import { z } from 'zod'

/** A workflow as a diagram shows it, from its own definition. */
export const WorkflowGraph = z
  .object({
    workflow: z.string(),
    version: z.int(),
    /** Steps by their names; `undo NAME`; and the two ends, `succeeded` and `failed`. */
    nodes: z.array(z.object({ id: z.string(), kind: z.enum(['step', 'transact', 'undo', 'end']) })),
    edges: z.array(z.object({ from: z.string(), to: z.string(), when: z.enum(['done', 'failed']) })),
  })
  .meta({ id: 'WorkflowGraph' })
export type WorkflowGraph = z.infer<typeof WorkflowGraph>
