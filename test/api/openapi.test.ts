import { readFile } from 'node:fs/promises'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, test } from 'vitest'
import { makeOpenApiFile, openApiPath } from './openapi-file.ts'

test('packages/api/openapi.json says what the procedures say; "npm run generate" makes it so', async () => {
  expect(await readFile(openApiPath, 'utf8')).toBe(await makeOpenApiFile())
})

test('linters of OpenAPI find nothing in it', async () => {
  const config = await createConfig({
    extends: ['recommended-strict'],
    // Load balancers are refused nothing at /health.
    rules: { 'operation-4xx-response': 'off' },
  })
  const source = await readFile(openApiPath, 'utf8')
  const found = await lintFromString({ source, absoluteRef: openApiPath, config })
  expect(found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
})
