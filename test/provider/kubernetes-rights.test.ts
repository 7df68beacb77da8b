import { describe, expect, inject, test } from 'vitest'
import { newNamespace } from '../harness/kind/cluster.ts'
import { restrictedAccount } from '../harness/kind/service-account.ts'
import { enterKubernetesWorld } from './kubernetes-world.ts'
import { newInstance } from './new-instance.ts'

/** What a step of a workflow gives a call, which comes back a second later. */
const patienceMs = 3000

describe.skipIf(inject('kubeconfig') === null)('an account that lacks one right', () => {
  test.for([
    { resource: 'events', verb: 'list' },
    { resource: 'pods', verb: 'list' },
    { resource: 'events', verb: 'watch' },
    { resource: 'pods', verb: 'watch' },
  ])('to $verb $resource: waiting ends, for good, with the name of that right', async (right) => {
    const namespace = newNamespace()
    await using account = await restrictedAccount(namespace, right)
    // No node has room for it, so that it is waited for.
    const options = { resources: { cpuRequest: '1000', memory: '128Mi' } }
    await using world = await enterKubernetesWorld({ namespace, kubeconfig: account.kubeconfig, options })
    const spec = newInstance({ version: '17' })
    await world.provider.ensure(spec)
    const why = () => world.provider.observe(spec, { patienceMs }).catch((error: unknown) => error)
    await expect.poll(why, { timeout: 30_000 }).toMatchObject({
      code: 'PERMISSION_DENIED',
      permanent: true,
      message: expect.stringMatching(new RegExp(`${right.verb}.*${right.resource.slice(0, -1)}`, 'i')),
    })
  })
})
