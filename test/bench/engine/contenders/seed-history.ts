import postgres from 'postgres'

/** Rows of one statement: bounds its memory, and what is written between two checkpoints. */
const portion = 50_000

/**
 * Makes a database that has seen this many operations: each with its four steps, its events and its completed jobs, at a
 * pace of fifty per second until now, under time-ordered ids as the engine makes them. Then as autovacuum leaves it.
 * The tables must be there.
 */
export async function seedHistory(databaseUrl: string, operations: number): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    // Lost with the power, if it comes to that: it is made again.
    await sql`set synchronous_commit = off`
    await sql`create temporary table portion (nth bigint, operation uuid, at timestamptz, jobs uuid[])`
    for (let done = 0; done < operations; done += portion) {
      await sql`truncate portion`
      await sql`
        insert into portion
        select n, uuidv7(age), now() + age, array[uuidv7(age), uuidv7(age), uuidv7(age), uuidv7(age)]
        from generate_series(${done + 1}::bigint, ${Math.min(operations, done + portion)}::bigint) n,
          lateral (select (n - 1 - ${operations}::bigint) * interval '20 milliseconds' - interval '1 minute') as past (age)`
      await sql`
        insert into operations (id, workflow, version, resource_id, state, input, steps, step, fence, last_seq, requested_by,
          created_at, started_at, ended_at, updated_at)
        select operation, 'four-steps', 1, uuidv7(at - now()), 'succeeded', jsonb_build_object('key', gen_random_uuid()),
          '{one,two,three,four}', 'four', 1, 7, 'bench', at, at, at, at from portion order by nth`
      await sql`
        insert into operation_steps (operation_id, position, step, state, attempt, output, progress_at, started_at, ended_at)
        select operation, position - 1, step, 'succeeded', 1, '1', at, at, at
        from portion, unnest('{one,two,three,four}'::text[]) with ordinality as s (step, position) order by nth, position`
      await sql`
        insert into operation_events (operation_id, seq, at, operation_state, step, state)
        select operation, seq, at, e.state, step, case when step is null then e.state::text else 'succeeded' end
        from portion, (values (1, 'queued'::operation_state, null), (2, 'running', null), (3, 'running', 'one'),
          (4, 'running', 'two'), (5, 'running', 'three'), (6, 'running', 'four'), (7, 'succeeded', null)) as e (seq, state, step)
        order by nth, seq`
      // The queue's own settings: policy, retention and whatever else a job takes from it.
      await sql`
        insert into pgboss.job (id, name, policy, data, singleton_key, state, retry_limit, expire_seconds, start_after, created_on,
          started_on, completed_on, keep_until, deletion_seconds)
        select job, q.name, q.policy, jsonb_build_object('operationId', operation, 'step', step, 'fence', 1), operation::text,
          'completed', q.retry_limit, q.expire_seconds, at, at, at, at, at + q.retention_seconds * interval '1 second', q.deletion_seconds
        from portion, pgboss.queue q, unnest(jobs, '{one,two,three,four}'::text[]) as j (job, step)
        where q.name = 'operation-steps' order by nth, job`
    }
    for (const table of ['operations', 'operation_steps', 'operation_events', 'pgboss.job'])
      await sql.unsafe(`vacuum (analyze) ${table}`)
    await sql`checkpoint`
  } finally {
    await sql.end()
  }
}
