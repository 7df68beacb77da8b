import { expect, test } from 'vitest'
import { idLabel, nameLabel, versionLabel } from './manifests/index.ts'
import { defaultInstanceOptions } from './options.ts'
import { specChanges } from './spec-changes.ts'

const name = 'pg-orders-0e0c507d'
const ours = { 'f:metadata': {}, 'f:type': {} }
const password: object = { 'f:data': { 'f:password': {} } }

/** As the API server lists a Secret of which only the metadata are asked. */
const secret = (fieldsV1: object, { instanceName = 'orders', theirs = password } = {}) => ({
  apiVersion: 'meta.k8s.io/v1',
  kind: 'PartialObjectMetadata',
  metadata: {
    name,
    labels: {
      [idLabel]: '01a20be1-26f1-7736-a43d-00000e0c507d',
      [nameLabel]: instanceName,
      [versionLabel]: '18',
    },
    managedFields: [
      { manager: 'toygres', operation: 'Apply', fieldsV1 },
      { manager: 'kubectl', operation: 'Update', fieldsV1: theirs },
    ],
  },
})

const changesOf = (fieldsV1: object) => specChanges('Secret', secret(fieldsV1), defaultInstanceOptions)

test('a password that somebody else has set is told without reading any', () => {
  expect(changesOf(ours)).toEqual([`somebody has set data.password of Secret ${name}`])
  expect(changesOf({ ...ours, 'f:data': { '.': {}, 'f:password': {} } })).toEqual([])
})

test('a label that gives the instance another name is told: the name of the object says which is its own', () => {
  const theirs = { 'f:metadata': { 'f:labels': { [`f:${nameLabel}`]: {} } } }
  const live = secret({ 'f:data': {}, 'f:type': {} }, { instanceName: 'renamed', theirs })
  expect(specChanges('Secret', live, defaultInstanceOptions)).toEqual([
    `somebody has set metadata.labels.${nameLabel} of Secret ${name}`,
  ])
})
