// What a user of the published package writes. Checked by the newest compiler and those before, with nothing but
// the package installed; each `@ts-expect-error` is a mistake that its types must catch.
import {
  createToygres,
  NotFoundError,
  OperationFailedError,
  ToygresError,
  type ApiKey,
  type Instance,
  type Operation,
  type OperationKind,
  type OperationEvent,
  type Page,
  type Plan,
} from '@toygres/sdk'

const toygres = createToygres({ url: 'http://127.0.0.1:7420', apiKey: 'a-key' })

export async function createAndConnect(signal: AbortSignal): Promise<string> {
  const { instance, operation } = await toygres.instances.create(
    { name: 'orders', version: '18' },
    { idempotencyKey: 'k', signal },
  )
  const ended: Operation = await operation.wait({
    onProgress: (event: OperationEvent) => event.at.toISOString(),
    timeoutMs: 60_000,
    signal,
  })
  const { connectionString } = await toygres.instances.connection(instance.id)
  return `${ended.state} ${connectionString}`
}

export async function everyName(): Promise<string[]> {
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page: Page<Instance> = await toygres.instances.list({ cursor, limit: 100, includeDeleted: true })
    names.push(...page.items.map(({ name }) => name))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return names
}

export async function follow(id: string): Promise<void> {
  for await (const event of toygres.operations.watch(id, { afterSeq: 3 })) {
    const step: string | null = event.step
    if (step === null && event.operationState === 'succeeded') return
  }
  const plain: Operation = (await toygres.operations.get(id)).toJSON()
  await toygres.operations.cancel(plain.id)
  await (await toygres.operations.retry(plain.id)).wait()
}

export async function letIn(name: string): Promise<string> {
  const { key, secret } = await toygres.keys.create({ name, role: 'viewer', validDays: 30 })
  const { items }: Page<ApiKey> = await toygres.keys.list({ limit: 10 })
  await toygres.keys.revoke(items[0]?.id ?? key.id)
  return secret
}

export async function everyOperation(signal: AbortSignal): Promise<string[]> {
  const kinds: string[] = []
  for await (const { workflow, steps } of toygres.operations.list({ state: 'running' }, { signal })) {
    const kind: OperationKind = workflow
    kinds.push(kind, ...steps.map(({ name }) => name))
  }
  return kinds
}

export async function inOneGo(): Promise<Instance> {
  const instance = await toygres.instances
    .create({ name: 'orders' })
    .wait({ onProgress: ({ step }) => step === 'await-ready', timeoutMs: 60_000 })
  const plan: Plan = await toygres.instances.planUpdate('orders', { labels: { team: 'sales' } })
  if (plan.changes.length > 0)
    await toygres.instances.update('orders', { labels: { team: 'sales' } }, { etag: instance.etag })
  return toygres.instances.delete(instance.id, { etag: instance.etag }).wait()
}

export function ownPostgres(signal: AbortSignal): Promise<number> {
  return toygres.withTemporaryInstance(
    async ({ connectionString, instance }) => connectionString.length + instance.name.length,
    { version: '17', signal },
  )
}

export function explain(error: unknown): string {
  if (error instanceof NotFoundError) return error.message
  if (error instanceof OperationFailedError) return error.operation.error?.step ?? 'nowhere'
  if (error instanceof ToygresError) {
    if (error.code === 'INSTANCE_NAME_TAKEN') return error.operationId ?? 'no operation'
    return `${error.requestId}: ${error.fields?.map(({ path }) => path).join()}`
  }
  return 'not ours'
}

export function mistakes(instance: Instance): void {
  // @ts-expect-error a name is needed
  void toygres.instances.create({})
  // @ts-expect-error there is no such version
  void toygres.instances.create({ name: 'orders', version: '9' })
  // @ts-expect-error the key of a change is an option, not part of the input
  void toygres.instances.create({ name: 'orders', idempotencyKey: 'k' })
  // @ts-expect-error an instance is asked for by name or id
  void toygres.instances.get(1)
  // @ts-expect-error there is no such state
  void toygres.operations.list({ state: 'exploded' })
  // @ts-expect-error an instance shows no password
  void instance.password
  // @ts-expect-error dates are dates
  const created: string = instance.createdAt
  // @ts-expect-error there is no such code
  void new ToygresError('NO_SUCH_CODE', created)
  // @ts-expect-error creating an instance has no such step
  void toygres.instances.create({ name: 'orders' }).wait({ onProgress: ({ step }) => step === 'paint' })
  // @ts-expect-error an operation is of a kind that there is
  const kind: 'paint-instance' = instance.activeOperationId
  void kind
  // @ts-expect-error there is no such role
  void toygres.keys.create({ name: 'ci', role: 'king' })
  // @ts-expect-error a url is needed
  createToygres({ apiKey: 'a-key' })
}
