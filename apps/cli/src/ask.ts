import { Writable } from 'node:stream'
import { CliError } from './cli-error.ts'
import { exitCodes } from './exit-codes.ts'

/** Whether there is somebody to ask. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY

/** What is typed; empty after Ctrl-C or Ctrl-D. */
export async function ask(question: string): Promise<string> {
  return questionOn(process.stderr, question)
}

/** Asks without showing what is typed; where stdin is no terminal, reads all of it. */
export async function askHidden(question: string): Promise<string> {
  if (!process.stdin.isTTY) return (await import('node:stream/consumers')).text(process.stdin)
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const answer = await questionOn(nowhere, '')
  process.stderr.write('\n')
  if (answer === '')
    throw new CliError('INTERRUPTED', 'nothing was entered, and nothing is changed', {
      exitCode: exitCodes.interrupted,
    })
  return answer
}

async function questionOn(output: NodeJS.WritableStream, question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  const closed = new AbortController()
  terminal.once('close', () => closed.abort())
  const typed = await terminal.question(question, { signal: closed.signal }).catch(() => '')
  terminal.close()
  return typed
}
