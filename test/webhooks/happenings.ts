import { defaultProjectId, type ProjectId } from '@toygres/schema'
import { newId } from '@toygres/workflow'
import type { ISql } from 'postgres'

/** Rows of instances that no provider here looks after: what happens to them is what a test says. */
export function happeningsIn(sql: ISql) {
  return {
    /** @returns its id */
    async appear(name: string, projectId: ProjectId = defaultProjectId): Promise<string> {
      const id = newId()
      await sql`
        insert into instances (id, project_id, name, version, provider) values (${id}, ${projectId}, ${name}, '18', 'kubernetes')`
      return id
    },
    async become(id: string, state: 'running' | 'failed' | 'deleting'): Promise<void> {
      await sql`update instances set state = ${state} where id = ${id}`
    },
    /** What waits for its time is tried now. */
    async hurry(): Promise<void> {
      await sql`update pgboss.job set start_after = now() where name = 'webhook-deliveries' and state < 'active'`
      await sql`select pg_notify('toygres_webhooks', '')`
    },
    /** What waits for its time waits for a day. */
    async postpone(): Promise<void> {
      await sql`
        update pgboss.job set start_after = now() + interval '1 day'
        where name = 'webhook-deliveries' and state < 'active'`
    },
    /** As if whoever sends something now had begun a minute ago. */
    async lose(): Promise<void> {
      await sql`
        update pgboss.job set started_on = now() - interval '1 minute'
        where name = 'webhook-deliveries' and state = 'active'`
      await sql`select pg_notify('toygres_webhooks', '')`
    },
  }
}
