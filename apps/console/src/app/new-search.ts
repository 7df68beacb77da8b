import { z } from 'zod'

/** `new`: the page opens with the dialog that makes another one. */
export const NewSearch = z.object({ new: z.boolean().optional().catch(undefined) })
