import postgres from 'postgres'

/** Logs in and asks once; the connection is not waited for on its way out. */
export async function firstQuery(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    await sql`select 1`
  } finally {
    void sql.end({ timeout: 1 })
  }
}
