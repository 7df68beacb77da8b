import { expect, test } from 'vitest'
import { idLabel, nameLabel, versionLabel } from './manifests/index.ts'
import { defaultInstanceOptions } from './options.ts'
import { specChanges } from './spec-changes.ts'

const name = 'pg-orders-0e0c507d'
const ours = { 'f:metadata': {}, 'f:type': {} }

/** As the API server lists a Secret of which only the metadata are asked. */
const secret = (fieldsV1: object) => ({
  apiVersion: 'meta.k8s.io/v1',
  kind: 'PartialObjectMetadata',
  metadata: {
    name,
    labels: {
      [idLabel]: '01a20be1-26f1-7736-a43d-00000e0c507d',
      [nameLabel]: 'orders',
      [versionLabel]: '18',
    },
    managedFields: [
      { manager: 'toygres', operation: 'Apply', fieldsV1 },
      { manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:data': { 'f:password': {} } } },
    ],
  },
})

const changesOf = (fieldsV1: object) => specChanges('Secret', secret(fieldsV1), defaultInstanceOptions)

test('a password that somebody else has set is told without reading any', () => {
  expect(changesOf(ours)).toEqual([`somebody has set data.password of Secret ${name}`])
  expect(changesOf({ ...ours, 'f:data': { '.': {}, 'f:password': {} } })).toEqual([])
})
