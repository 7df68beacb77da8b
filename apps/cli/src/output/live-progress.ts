import type { Operation } from '@toygres/sdk'
import type { WriteStream } from 'node:tty'
import { formatDuration } from '../duration.ts'
import { serverNow } from '../server-clock.ts'
import { Picture } from './picture.ts'
import { awayLine } from './plain-progress.ts'
import type { Progress } from './progress.ts'
import { StepBoard, type StepOnBoard } from './step-board.ts'
import { oneLine, paint } from './text.ts'

const frameMs = 80
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** The steps of an operation, drawn over and over in place. */
export function liveProgress(title: string, operation: Operation, stream: WriteStream): Progress {
  const board = new StepBoard(operation)
  const nameWidth = Math.max(...board.steps.map(({ name }) => name.length), 0)
  const picture = new Picture(stream)
  let frame = 0
  let moving = true
  let notice: string | null = null

  const symbol = (step: StepOnBoard) => {
    switch (step.state) {
      case 'succeeded':
        return paint('green', '✔', stream)
      case 'failed':
        return paint('red', '✖', stream)
      case 'undone':
        return paint('dim', '↩', stream)
      default: {
        const works = moving && (step === board.current || step.state === 'undoing')
        return works
          ? paint('cyan', spinner[frame % spinner.length] ?? '', stream)
          : paint('dim', '·', stream)
      }
    }
  }

  const line = (step: StepOnBoard) => {
    const isCurrent = step === board.current
    const ms = step.durationMs ?? (isCurrent ? Math.max(0, serverNow() - board.currentSince) : null)
    const time = (ms === null ? '' : formatDuration(ms)).padStart(8)
    const state = step.state === 'retrying' || step.state === 'undoing' ? `${step.state}: ` : ''
    const detail = step.detail === null ? '' : `${state}${oneLine(step.detail)}`
    // A line that wraps could not be drawn over.
    const text = `${step.name.padEnd(nameWidth)}  ${time}  ${detail}`.slice(0, picture.width - 5).trimEnd()
    return `  ${symbol(step)} ${isCurrent || step.durationMs !== null ? text : paint('dim', text, stream)}`
  }

  const draw = () => {
    // On a low terminal, the steps around the running one.
    const { room } = picture
    const all = [
      paint('bold', title, stream),
      ...(notice === null ? [] : [paint('yellow', `  ${notice.slice(0, picture.width - 3)}`, stream)]),
      ...board.steps.map(line),
    ]
    const running =
      board.current === undefined
        ? all.length
        : all.length - board.steps.length + board.steps.indexOf(board.current) + 1
    picture.draw(all.slice(Math.max(0, running - room)).slice(0, room))
  }

  const timer = setInterval(() => {
    frame++
    draw()
  }, frameMs)
  draw()

  return {
    show(event) {
      board.apply(event)
      draw()
    },
    away(why) {
      notice = why === null ? null : awayLine(why)
      draw()
    },
    stop() {
      clearInterval(timer)
      moving = false
      draw()
    },
  }
}
