import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { alice } from '../harness/domain/index.ts'
import { canMount, smallDisk } from '../harness/small-disk.ts'
import { openWatched } from './watched.ts'

describe.skipIf(!canMount)(
  'on a full disk (needs the right to mount, for a small file system of its own)',
  () => {
    test('an instance whose disk is full is unhealthy for that reason, though it answers, until there is room', async () => {
      await using disk = await smallDisk(600)
      await using watched = await openWatched({ home: join(disk.path, 'home') })
      await disk.fill()
      await watched.becomes('unhealthy')
      expect(await watched.health()).toMatchObject({
        reason: 'disk-full',
        disk: { freeBytes: expect.any(Number), totalBytes: 600 * 1024 * 1024 },
        latencyMs: expect.any(Number),
      })
      expect(await watched.domain.plane.instances.get(alice, watched.id)).toMatchObject({
        healthStatus: 'unhealthy',
        healthReason: 'disk-full',
      })
      expect(await watched.checksThatDecided()).toBe(3)
      await disk.clear()
      await watched.becomes('healthy')
      expect(await watched.checksThatDecided()).toBe(2)
    })
  },
)

test('a disk that tells nothing keeps no check from its verdict', async () => {
  await using watched = await openWatched({
    through: (provider) => ({ ...provider, disk: () => new Promise(() => {}) }),
  })
  expect(await watched.health()).toMatchObject({ status: 'healthy', reason: null, disk: null })
})

test('where the provider knows nothing of a disk, none is told', async () => {
  await using watched = await openWatched({
    through: ({ disk, ...provider }) => {
      expect(disk).toBeDefined()
      return provider
    },
  })
  expect(await watched.health()).toMatchObject({ status: 'healthy', disk: null })
})
