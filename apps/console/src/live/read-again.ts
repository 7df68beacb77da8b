import { hashKey, type QueryClient, type QueryKey } from '@tanstack/react-query'

/** Nobody sees more often that something is different. */
const atMostEveryMs = 250

/** What is being read, and whether something has changed since that began. */
const underWay = new Map<string, { changed: boolean }>()

/**
 * Has what is shown of this read again, at once. However often it is asked for meanwhile, that is one read more, some
 * time after the one under way has ended: in a storm of changes none throws away what is nearly there.
 */
export function readAgain(queryClient: QueryClient, queryKey: QueryKey): void {
  const key = hashKey(queryKey)
  const reading = underWay.get(key)
  if (reading) reading.changed = true
  else void read(queryClient, queryKey, key)
}

async function read(queryClient: QueryClient, queryKey: QueryKey, key: string): Promise<void> {
  const reading = { changed: true }
  underWay.set(key, reading)
  while (reading.changed) {
    reading.changed = false
    await queryClient.invalidateQueries({ queryKey })
    await new Promise((resolve) => setTimeout(resolve, atMostEveryMs))
  }
  underWay.delete(key)
}
