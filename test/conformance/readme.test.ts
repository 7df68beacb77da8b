import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const here = new URL('.', import.meta.url)
const rows = async (heading: string) => {
  const text = await readFile(new URL('README.md', here), 'utf8')
  const section = text.split('\n## ').find((part) => part.startsWith(heading)) ?? ''
  return section.split('\n').flatMap((line) => {
    const [, number, , files] = /^\| (\d+) \| (.*) \| (.*) \|$/.exec(line) ?? []
    return number === undefined || files === undefined
      ? []
      : [
          {
            number: Number(number),
            files: [...files.matchAll(/`([^`]+\.ts)`/g)].map((match) => match[1] ?? ''),
          },
        ]
  })
}
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

test('every scenario and every rule has its files, every file is there, and none is forgotten', async () => {
  const [scenarios, rules] = [await rows('Scenarios'), await rows('Rules')]
  expect(scenarios.map(({ number }) => number)).toEqual(upTo(14))
  expect(rules.map(({ number }) => number)).toEqual(upTo(17))
  const named = new Set([...scenarios, ...rules].flatMap(({ files }) => files))
  for (const { number, files } of [...scenarios, ...rules]) expect(files, String(number)).not.toEqual([])
  for (const file of named) await readFile(new URL(file, here))
  const tests = (await readdir(here)).filter((file) => file.endsWith('.test.ts') && file !== 'readme.test.ts')
  expect(tests.filter((file) => !named.has(file))).toEqual([])
})
