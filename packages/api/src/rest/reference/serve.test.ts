import { errorCatalog } from '@toygres/schema'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { serveRest } from '../../testing/rest.ts'
import { endpoints } from '../endpoints.ts'

const { send } = serveRest()
const text = async (path: string) => (await send(`GET ${path}`, { headers: { authorization: '' } })).text()
const page = await text('/docs')

test('the OpenAPI document is served, to anybody', async () => {
  const document = z
    .object({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(await text('/openapi.json')))
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths).toSorted()).toEqual(
    [...new Set(endpoints.map(({ path }) => path))].toSorted(),
  )
})

test.each(endpoints)('the reference explains $procedure', ({ procedure, path }) => {
  expect(page).toContain(`<section id="${procedure}">`)
  expect(page).toContain(path)
})

test.each(Object.keys(errorCatalog))(
  'the type of a problem %s leads to its place in the reference',
  (code) => {
    expect(page).toContain(`id="${code}"`)
  },
)

test('every link within the reference leads somewhere', () => {
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  expect(links.filter((id) => !ids.has(id))).toEqual([])
})

test('the reference loads nothing from elsewhere, and its policy would not let it', async () => {
  const response = await send('GET /docs')
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self';/)
  const loaded = [...page.matchAll(/<(?:link rel="stylesheet" href|script src|img src)="([^"]+)"/g)]
  expect(loaded.map(([, from]) => from)).toEqual(['/docs/style.css'])
  expect((await send('GET /docs/style.css')).headers.get('content-type')).toBe('text/css; charset=utf-8')
  expect(page).not.toMatch(/<script| style=| onclick=/)
})
