import { expect, test } from 'vitest'
import { changes } from '../changes.ts'
import { SeenPod } from './cluster/objects.ts'
import { idLabel } from './manifests/index.ts'
import { keepPicture } from './picture.ts'

const id = '01a20be1-26f1-7736-a43d-000e0c507de6'
const address = { host: '127.0.0.1', port: 5432 }
const podOf = (uid: string) => SeenPod.parse({ metadata: { name: 'pg-0', uid, labels: { [idLabel]: id } } })

test('of a pod in whose place a list finds another nothing is kept', () => {
  const picture = keepPicture(changes())
  const [first, second] = [podOf('first'), podOf('second')]
  picture.putPod(first, true)
  picture.confirm(first, address)
  picture.putPod(second, true)
  expect(picture.of(id).pod).toBe(second)
  expect([picture.has(id, 'first'), picture.has(id, 'second')]).toEqual([false, true])
  expect(picture.isConfirmed(first, address)).toBe(false)
})

test('the end of one that was followed by another is told late, and takes the other with it no more', () => {
  const picture = keepPicture(changes())
  picture.putPod(podOf('first'), true)
  picture.putPod(podOf('second'), true)
  picture.putPod(podOf('first'), false)
  expect(picture.of(id).pod?.metadata.uid).toBe('second')
})
