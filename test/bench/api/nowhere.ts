import type { Address, InstanceProvider } from '@toygres/providers'

/** Instances of this name begin with their server on its way up, and stay so until they are let go. */
export const heldBack = /^held-/

export interface Nowhere extends InstanceProvider {
  letGo(name: string): void
}

/** A provider whose instances are all one server: making one costs nothing, so that what is measured is the API and the engine. */
export function nowhere(address: Address): Nowhere {
  const released = new Set<string>()
  const ids = new Map<string, string>()
  let tell: (id: string) => void = () => {}
  return {
    name: 'local',
    operationsAtOnce: 1000,
    ensure({ id, name }) {
      ids.set(name, id)
      return Promise.resolve()
    },
    observe: ({ name }) =>
      Promise.resolve(
        name !== undefined && heldBack.test(name) && !released.has(name)
          ? { phase: 'starting', detail: 'it is held back' }
          : { phase: 'ready', address },
      ),
    watch(onChange) {
      tell = onChange
      return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() })
    },
    stop: () => Promise.resolve(true),
    remove: () => Promise.resolve([]),
    list: () => Promise.resolve([]),
    logs: async function* () {},
    letGo(name) {
      released.add(name)
      const id = ids.get(name)
      if (id !== undefined) tell(id)
    },
  }
}
