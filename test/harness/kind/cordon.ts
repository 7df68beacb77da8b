import type { CoreV1Api } from '@kubernetes/client-node'

/** Nodes that take no new pods. */
export interface Cordon {
  /** Once or more often. */
  lift(): Promise<void>
}

/** Cordons every node that is not so already: lifting it must not undo what somebody else has done. */
export async function cordonNodes(core: CoreV1Api): Promise<Cordon> {
  const { items } = await core.listNode()
  const names = items.filter(({ spec }) => !spec?.unschedulable).map(({ metadata }) => metadata?.name ?? '')
  const setAll = (value: boolean) =>
    Promise.all(
      names.map((name) =>
        core.patchNode({ name, body: [{ op: 'add', path: '/spec/unschedulable', value }] }),
      ),
    )
  const lift = async () => void (await setAll(false))
  await setAll(true).catch(async (error: unknown) => {
    await lift()
    throw error
  })
  return { lift }
}
