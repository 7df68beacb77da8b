import type { Operation, OperationEvent } from '@toygres/sdk'
import { formatDuration } from '../duration.ts'
import type { Progress } from './progress.ts'
import { StepBoard } from './step-board.ts'
import { oneLine } from './text.ts'

/** A line for each change; what is said again and again while a step waits, once. */
export function plainProgress(title: string, operation: Operation, stream: NodeJS.WritableStream): Progress {
  const board = new StepBoard(operation)
  let last = ''
  const write = (line: string) => {
    if (line !== last) stream.write(`${line}\n`)
    last = line
  }
  write(`${title} (operation ${operation.id})`)
  return {
    show(event) {
      board.apply(event)
      const line = event.step === null ? aboutOperation(event) : aboutStep(board, event.step)
      if (line !== null) write(line)
    },
    away(why) {
      write(why === null ? '  the control plane is back' : `  ${awayLine(why)}`)
    },
    stop() {},
  }
}

export const awayLine = (why: Error): string =>
  `${oneLine(why.message)}; waiting for it, the operation goes on`

function aboutStep({ steps }: StepBoard, name: string): string | null {
  const step = steps.find((one) => one.name === name)
  if (step === undefined || step.state === 'pending' || step.state === 'running') return null
  const duration = step.durationMs === null ? '' : ` (${formatDuration(step.durationMs)})`
  const detail = step.detail === null ? '' : `: ${oneLine(step.detail)}`
  return `  ${step.name} ${step.state}${duration}${detail}`
}

/** The turns that are no part of a good course. */
function aboutOperation({ state, message }: OperationEvent): string | null {
  switch (state) {
    case 'cancelling':
    case 'undoing':
    case 'parked':
    case 'failed':
    case 'cancelled':
      return `  operation ${state}${message === null ? '' : `: ${oneLine(message)}`}`
    default:
      return null
  }
}
