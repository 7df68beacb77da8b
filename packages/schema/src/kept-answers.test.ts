import { expect, test } from 'vitest'
import { Project } from './project.ts'
import { Webhook } from './webhook.ts'

test('projects and webhooks that were kept in answers before they had etags are read', () => {
  const [id, at] = ['01a20be1-26f1-7736-a43d-000e0c507de6', new Date()]
  const quota = { instances: 1, operations: 1 }
  const project = { id, name: 'sales', quota, usage: quota, createdAt: at, updatedAt: at }
  expect(Project.parse(project)).toEqual({ ...project, etag: '' })
  const webhook = { id, projectId: id, url: 'https://example.com/', kinds: [], createdAt: at, updatedAt: at }
  const working = { failingSince: null, disabledReason: null, disabledAt: null }
  expect(Webhook.parse({ ...webhook, ...working })).toEqual({ ...webhook, ...working, etag: '' })
})
