import { parse } from 'yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProgram } from '../../apps/cli/src/program.ts'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { until } from '../harness/until.ts'

type Command = ReturnType<typeof createProgram>

let plane: TestControlPlane
let webhook = ''
beforeAll(async () => {
  plane = await startControlPlane()
  // Checked once, and not again while it is looked at.
  await plane.cli('create', 'orders', '--check-every', '1h')
  await plane.cli('create', 'second', '--check-every', '1h')
  const toygres = await plane.sdk()
  await until(async () => (await toygres.instances.get('orders')).healthStatus === 'healthy')
  await until(async () => (await toygres.instances.get('second')).healthStatus === 'healthy')
  const { webhook: made } = await toygres.webhooks.create({
    url: 'https://example.com/told',
    kinds: ['instance.failed'],
  })
  webhook = made.id
}, 180_000)
afterAll(() => plane[Symbol.asyncDispose]())

interface Listing {
  readonly path: string
  readonly args: readonly string[]
  readonly columns: readonly string[]
}

/** Every command that shows a table of things, by its own definition. */
function listingsOf({ commands }: Command, above: readonly string[] = []): Listing[] {
  return commands.flatMap((command) => {
    const words = [...above, command.name()]
    const option = command.options.find(({ long }) => long === '--columns')
    if (option === undefined) return listingsOf(command, words)
    const columns = option.description.replace(/^.*: /, '').split(',')
    return [{ path: words.join(' '), args: words, columns }]
  })
}
const listings = listingsOf(createProgram())

/** What stands after those that are about one thing, or have something to show only if told. */
const more: Record<string, () => string[]> = {
  'health events': () => ['orders'],
  'health history': () => ['orders', '--since', '1h', '--resolution', 'raw'],
  events: () => ['orders'],
  top: () => ['--once'],
  'webhooks deliveries': () => [webhook],
}

/** Have nothing to show here. */
const empty = new Set(['drift list', 'webhooks deliveries'])

async function printed(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await plane.cli(...args)
  expect(code, `${args.join(' ')}: ${stderr}`).toBe(0)
  return stdout
}

const cellsOf = (line = '') => line.trim().split(/ {3,}/)

test('there are such commands', () => {
  expect(listings.length).toBeGreaterThan(8)
})

test.for(listings)(
  '$path shows the columns that are asked for, in that order, with a heading or without',
  async ({ path, args, columns }) => {
    const base = [...args, ...(more[path]?.() ?? [])]
    const asked = columns.toReversed()
    const lines = (await printed(...base, '--columns', asked.join(','))).trimEnd().split('\n')
    if (empty.has(path)) return
    const heading = asked.map((column) => column.toUpperCase())
    const at = lines.findIndex((line) => cellsOf(line)[0] === heading[0])
    expect(cellsOf(lines[at]).map((title) => title.replaceAll(' ', '-'))).toEqual(heading)
    const bare = (await printed(...base, '--columns', asked[0] ?? '', '--no-headers')).trimEnd().split('\n')
    expect(bare).not.toContain(heading[0])
    expect(bare.length).toBeGreaterThan(0)
    const { code, stderr } = await plane.cli(...base, '--columns', 'colour')
    expect(code).toBe(2)
    for (const column of columns) expect(stderr).toContain(column)
  },
)

test.for(listings)(
  '$path is the same in YAML as in JSON, and -o name has a line for each',
  async ({ path, args }) => {
    const base = [...args, ...(more[path]?.() ?? [])]
    const json = JSON.parse(await printed(...base, '-o', 'json')) as Record<string, unknown>
    const yaml = parse(await printed(...base, '-o', 'yaml')) as Record<string, unknown>
    expect(Object.keys(yaml)).toEqual(Object.keys(json))
    const things = json['items'] ?? json['rows'] ?? json['points']
    expect(things).toBeInstanceOf(Array)
    const stdout = await printed(...base, '-o', 'name')
    const names = stdout.split('\n').filter((line) => line !== '')
    expect(names).toHaveLength((things as unknown[]).length)
  },
)

test('the manual page has every command with its flags, and no line that gives an order by accident', async () => {
  const page = await printed('man')
  const plain = page.replaceAll('\\-', '-')
  const program = createProgram()
  const leaves = (command: Command, above = ''): [string, Command][] =>
    command.commands.flatMap((child): [string, Command][] =>
      child.commands.length > 0
        ? leaves(child, `${above}${child.name()} `)
        : child.name() === '__complete'
          ? []
          : [[`${above}${child.name()}`, child]],
    )
  for (const [path, command] of leaves(program)) {
    expect(plain).toContain(`\n.SS ${path}`)
    for (const { flags, hidden } of command.options) if (!hidden) expect(plain).toContain(`.B ${flags}`)
  }
  for (const line of page.split('\n'))
    if (/^['.]/.test(line)) expect(line).toMatch(/^\.(TH|SH|SS|TP|B|I|nf|fi)\b/)
})
