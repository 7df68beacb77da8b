import postgres from 'postgres'

/** While it is held, a create cannot get beyond its first step: no password can be kept in this metadata database. */
export async function holdCreates(databaseUrl: string): Promise<AsyncDisposable> {
  const sql = postgres(databaseUrl, { max: 1, fetch_types: false, onnotice: () => {} })
  const held = Promise.withResolvers<void>()
  const taken = Promise.withResolvers<void>()
  const holding = sql.begin(async (tx) => {
    await tx`lock table instance_credentials in access exclusive mode`
    taken.resolve()
    await held.promise
  })
  await taken.promise
  return {
    async [Symbol.asyncDispose]() {
      held.resolve()
      await holding
      await sql.end()
    },
  }
}
