import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { startShellOnTerminal } from './running.ts'

const execute = promisify(execFile)
const launcher = new URL('../../toygres', import.meta.url).pathname
const has = (program: string) =>
  execute(program, ['--version']).then(
    () => true,
    () => false,
  )
const [hasBash, hasZsh, hasFish, hasScript] = await Promise.all(['bash', 'zsh', 'fish', 'script'].map(has))

let plane: TestControlPlane
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-completion-'))
  await mkdir(join(directory, 'bin'))
  await symlink(launcher, join(directory, 'bin', 'toygres'))
  plane = await startControlPlane()
  await plane.cli('create', 'orders')
  await plane.cli('create', 'outbox')
}, 180_000)
afterAll(async () => {
  await plane[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

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

/** A directory with the script where the shell looks for it by itself, and the program on the PATH. */
async function installed(shell: string, path: string): Promise<NodeJS.ProcessEnv> {
  const place = join(directory, shell, path)
  await mkdir(dirname(place), { recursive: true })
  await writeFile(place, (await plane.cli('completion', shell)).stdout)
  return {
    ...plane.env,
    PATH: `${directory}/bin:${plane.env['PATH']}`,
    XDG_CONFIG_HOME: join(directory, shell),
  }
}

// What is typed after the first TAB makes a line that fails where nothing was completed.

test.skipIf(!hasBash || !hasScript)(
  'bash completes at the first TAB (needs "script", of util-linux)',
  async () => {
    const env = await installed('bash', 'toygres')
    await using bash = startShellOnTerminal('bash --norc --noprofile -i', env)
    bash.type(`source ${directory}/bash/toygres; bind 'set bell-style none'; PS1='ready''> '\n`)
    await bash.says('ready> ')
    bash.type('toygres get ou\t-o name\n')
    await bash.says(/^outbox\r?$/m)
  },
)

test.skipIf(!hasZsh || !hasScript)(
  'zsh completes at the first TAB (needs zsh, and "script", of util-linux)',
  async () => {
    const env = await installed('zsh', '_toygres')
    await using zsh = startShellOnTerminal('zsh -f -i', env)
    zsh.type(
      `fpath=(${directory}/zsh $fpath); autoload -Uz compinit; compinit -D -u; unsetopt beep; PS1='ready''> '\n`,
    )
    await zsh.says('ready> ')
    zsh.type('toygres get ou\t-o name\n')
    await zsh.says(/^outbox\r?$/m)
    // And as it is for those who write it into their .zshrc.
    zsh.type(`unfunction _toygres; compinit -D -u; source <(toygres completion zsh); PS1='again''> '\n`)
    await zsh.says('again> ')
    zsh.type('toygres get or\t-o name\n')
    await zsh.says(/^orders\r?$/m)
  },
)

test.skipIf(!hasFish)('fish completes, by the script that it finds (needs fish)', async () => {
  const env = await installed('fish', 'fish/completions/toygres.fish')
  const offered = async (line: string) => {
    const { stdout } = await execute('fish', ['-c', `complete -C '${line}'`], { env })
    return stdout.split('\n').flatMap((one) => one.split('\t')[0] || [])
  }
  expect(await offered('toygres get ou')).toEqual(['outbox'])
  expect((await offered('toygres get ')).toSorted()).toEqual(['orders', 'outbox'])
  expect(await offered('toygres hea')).toEqual(['health'])
})
