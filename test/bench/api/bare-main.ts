import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { connect } from '@toygres/control-plane'
import { Hono } from 'hono'
import { z } from 'zod'

// The least that could answer the same question: the same query through the same pool, and nothing around it. No key is asked for,
// nothing is checked, nothing is logged.
const { databaseUrl } = z
  .object({ databaseUrl: z.string() })
  .parse(JSON.parse(process.env['TOYGRES_BENCH'] ?? '{}'))
const sql = connect(databaseUrl, { max: 10, applicationName: 'bare' })

const app = new Hono()
app.get('/instances/:id', async (exchange) => {
  const [instance] = await sql`
    select i.id, i.project_id as "projectId", i.name, right(i.id::text, 12) || '-' || i.generation as etag, i.labels, i.state, i.state_reason as "stateReason",
      i.health_status as "healthStatus",
      case when i.state = 'stopped' then 'stopped' else (select h.reason from instance_health h where h.instance_id = i.id) end
        as "healthReason",
      (select h.checked_at from instance_health h where h.instance_id = i.id) as "healthCheckedAt",
      i.health_check_interval_s as "healthCheckIntervalSeconds", i.version, i.provider, i.host, i.port,
      (select o.id from operations o where o.resource_id = i.id and o.ended_at is null order by o.after_operation desc nulls last limit 1)
        as "activeOperationId",
      i.created_at as "createdAt", i.updated_at as "updatedAt", i.deleted_at as "deletedAt"
    from instances i where i.id = ${exchange.req.param('id')} and i.project_id = '00000000-0000-7000-8000-000000000000'`
  return instance === undefined ? exchange.notFound() : exchange.json(instance)
})

const server = createServer(getRequestListener(app.fetch))
await once(server.listen(0, '127.0.0.1'), 'listening')
process.send?.({ port: (server.address() as AddressInfo).port })
