import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Goes on as another program: the same process, where the platform can do that, so that the terminal and signals are
 * wholly its own. `file` is a path; it is not looked up.
 */
export async function replaceProcess(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (process.execve !== undefined && process.platform !== 'win32') process.execve(file, [file, ...args], env)
  const child = spawn(file, args, { env, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  process.exitCode = code ?? 1
}
