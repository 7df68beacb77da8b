import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'

const execute = promisify(execFile)
const launcher = new URL('../../toygres', import.meta.url).pathname
const has = (program: string) =>
  execute(program, ['--version']).then(
    () => true,
    () => false,
  )
const [hasBash, hasZsh, hasFish] = await Promise.all(['bash', 'zsh', 'fish'].map(has))

let plane: TestControlPlane
beforeAll(async () => {
  plane = await startControlPlane()
  await plane.cli('create', 'orders')
  await plane.cli('create', 'outbox')
}, 180_000)
afterAll(() => plane[Symbol.asyncDispose]())

test.for([
  [['hea'], ['health']],
  [['health', 'hi'], ['history']],
  [
    ['get', 'o'],
    ['outbox', 'orders'],
  ],
  [['--context', 'local', 'get', 'or'], ['orders']],
  [['ops', 'list', '--instance', 'ou'], ['outbox']],
  [['ops', 'list', '--state', 'f'], ['failed']],
  [['list', '--no-h'], ['--no-headers']],
  [['get', 'orders', '-o', 'j'], ['json']],
  [['get', 'orders', ''], []],
  [['context', 'use', ''], ['local']],
  [['create', ''], []],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
] as const)('after "toygres %j" come %j', async ([words, expected]) => {
  const { code, stdout } = await plane.cli('__complete', '--', ...words)
  expect(code).toBe(0)
  expect(stdout.split('\n').flatMap((line) => line.split('\t')[0] || [])).toEqual(expected)
})

test('a control plane that is away is no reason to complain while somebody types', async () => {
  const away = { TOYGRES_URL: 'http://127.0.0.1:9', TOYGRES_API_KEY: 'toygres_x' }
  expect(await plane.cliWith(away, '__complete', '--', 'get', 'o')).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  })
})

/** What the shell would offer, by its own machinery and our script. */
const scripts = {
  bash: `source <(${launcher} completion bash)
    COMP_WORDS=(${launcher} get o); COMP_CWORD=2; _toygres; printf '%s\\n' "\${COMPREPLY[@]}"`,
  fish: `${launcher} completion fish | source
    function toygres; ${launcher} $argv; end
    complete -C 'toygres get o'`,
}

test.skipIf(!hasBash)('bash completes the names of instances', async () => {
  const { stdout } = await execute('bash', ['-c', scripts.bash], { env: plane.env })
  const words = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0])
  expect(new Set(words)).toEqual(new Set(['orders', 'outbox']))
})

test.skipIf(!hasZsh)('zsh accepts its script (needs zsh)', async () => {
  const { stdout } = await execute(
    'zsh',
    [
      '-fc',
      `autoload -U compinit; compinit -D; source <(${launcher} completion zsh); print \${_comps[toygres]}`,
    ],
    { env: plane.env },
  )
  expect(stdout.trim()).toBe('_toygres')
})

test.skipIf(!hasFish)('fish completes the names of instances (needs fish)', async () => {
  const { stdout } = await execute('fish', ['--no-config', '-c', scripts.fish], { env: plane.env })
  const words = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0])
  expect(new Set(words)).toEqual(new Set(['orders', 'outbox']))
})
