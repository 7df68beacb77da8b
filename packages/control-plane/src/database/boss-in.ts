import type { Db } from 'pg-boss'
import type { ISql } from 'postgres'

/** pg-boss inside a transaction of ours: what it does commits or vanishes with the rows beside it. */
export const bossIn = (tx: ISql): { readonly db: Db } => ({
  db: {
    async executeSql(text, values) {
      // pg-boss binds text, arrays and numbers only; it serialises JSON itself.
      const parameters = (values ?? []) as (string | number | null | string[])[]
      return { rows: [...(await tx.unsafe(text, parameters, { prepare: true }))] }
    },
  },
})
