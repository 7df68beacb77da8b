import { expect, test } from 'vitest'
import { changedFields } from './changed-fields.ts'

const applied = {
  spec: {
    replicas: 1,
    template: { containers: [{ name: 'postgres', image: 'postgres:18', args: ['postgres'] }] },
    selector: { app: 'orders' },
  },
}

/** As the API server writes down whose the fields are. */
function live(spec: object, ours: object) {
  const fieldsV1 = { 'f:spec': ours }
  return {
    metadata: {
      managedFields: [
        { manager: 'toygres', operation: 'Apply', fieldsV1 },
        { manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:spec': {} } },
      ],
    },
    spec,
  }
}

const ours = {
  'f:replicas': {},
  'f:template': {
    'f:containers': { 'k:{"name":"postgres"}': { '.': {}, 'f:name': {}, 'f:image': {}, 'f:args': {} } },
  },
  'f:selector': {},
}

const changed = (spec: object, whose: object) => changedFields(applied, live(spec, whose), 'toygres')

test('what is as we applied it is no change, whatever the server added', () => {
  const filled = {
    ...applied.spec,
    revisionHistoryLimit: 10,
    template: {
      containers: [{ ...applied.spec.template.containers[0], terminationMessagePath: '/dev/null' }],
    },
  }
  expect(changed(filled, ours)).toEqual([])
})

test('a field that somebody else took and set is named by its path', () => {
  const { 'f:replicas': _, ...without } = ours
  expect(changed({ ...applied.spec, replicas: 2 }, without)).toEqual(['spec.replicas'])
  // Set by somebody to the very value: nothing is to be put back.
  expect(changed(applied.spec, without)).toEqual([])
})

test('an item of a list is found by its key, and one that others added is theirs', () => {
  const sidecar = { name: 'sidecar', image: 'theirs' }
  const edited = { ...applied.spec.template.containers[0], image: 'postgres:17', args: ['sh'] }
  const whose = {
    ...ours,
    'f:template': { 'f:containers': { 'k:{"name":"postgres"}': { '.': {}, 'f:name': {} } } },
  }
  const spec = { ...applied.spec, template: { containers: [sidecar, edited] } }
  expect(changed(spec, whose)).toEqual([
    'spec.template.containers[postgres].image',
    'spec.template.containers[postgres].args',
  ])
})

test('what we would apply otherwise by now, and is still ours, is no change of anybody', () => {
  expect(changed({ ...applied.spec, replicas: 3, selector: { app: 'other' } }, ours)).toEqual([])
})

test('what nobody has set was filled in by the API server: an upgrade that applies something else finds no change', () => {
  const { 'f:replicas': _, ...without } = ours
  const metadata = {
    managedFields: [
      { manager: 'toygres', operation: 'Apply', fieldsV1: { 'f:spec': without } },
      { manager: 'kube-controller-manager', operation: 'Update', fieldsV1: { 'f:status': {} } },
    ],
  }
  const filled = { metadata, spec: { ...applied.spec, replicas: 2 } }
  expect(changedFields(applied, filled, 'toygres')).toEqual([])
})
