import { text } from 'node:stream/consumers'
import type { InstanceSpec } from '@toygres/providers'
import type { Verb } from './describe-provider.ts'
import { type PortRange, createLocalProvider } from '@toygres/providers/local'

/** One call of a verb, as it comes in on stdin. */
export interface LocalCall {
  readonly home: string
  readonly portRange: PortRange
  readonly verb: Verb
  readonly spec: InstanceSpec
  readonly crashAt: string | undefined
}

const { home, portRange, verb, spec, crashAt } = JSON.parse(await text(process.stdin)) as LocalCall
const provider = createLocalProvider({
  home,
  portRange,
  reach: (point) => {
    // Nothing after it runs in this process, not even a `finally`.
    if (point === crashAt) process.kill(process.pid, 'SIGKILL')
  },
})
await provider[verb](spec)
await provider[Symbol.asyncDispose]()
