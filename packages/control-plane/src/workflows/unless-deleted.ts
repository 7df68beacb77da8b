import { seconds, type Again } from '@toygres/workflow'
import type { Dependencies, InstanceInput } from './dependencies.ts'
import { bearingOutages } from './while-away.ts'

/** Nobody tells an undo that is under way of a deletion: it asks. To end a server in good order may take 40 s. */
const askEveryMs = seconds(1)

/** An undo that a deletion does not wait for: whether the server of what it removes runs or not makes no difference to it. */
export const unlessDeleted = <
  Context extends Dependencies & { readonly input: InstanceInput; readonly signal: AbortSignal },
>(
  undo: (context: Context) => Promise<Again | void>,
) =>
  bearingOutages<Context, void>(async (context) => {
    const isInVain = () => context.isBeingDeleted(context.input.id)
    if (await isInVain()) return
    const inVain = new AbortController()
    const ask = () =>
      isInVain().then(
        (yes) => yes && inVain.abort(),
        () => {},
      )
    const asking = setInterval(() => void ask(), askEveryMs)
    try {
      return await undo({ ...context, signal: AbortSignal.any([context.signal, inVain.signal]) })
    } catch (error) {
      if (!inVain.signal.aborted) throw error
    } finally {
      clearInterval(asking)
    }
  })
