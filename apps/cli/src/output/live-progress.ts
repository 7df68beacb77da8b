import type { Operation } from '@toygres/sdk'
import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import type { WriteStream } from 'node:tty'
import { formatDuration } from '../duration.ts'
import type { Progress } from './progress.ts'
import { StepBoard, type StepOnBoard } from './step-board.ts'
import { oneLine, paint } from './text.ts'

const frameMs = 80
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** The steps of an operation, drawn over and over in place. The cursor stays visible, so a kill leaves nothing to mend. */
export function liveProgress(title: string, operation: Operation, stream: WriteStream): Progress {
  const board = new StepBoard(operation)
  const nameWidth = Math.max(...board.steps.map(({ name }) => name.length), 0)
  let drawn = 0
  let frame = 0
  let changedAt = Date.now()
  let moving = true

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
    const ms = step.durationMs ?? (isCurrent ? Date.now() - changedAt : null)
    const time = (ms === null ? '' : formatDuration(ms)).padStart(8)
    const state = step.state === 'retrying' || step.state === 'undoing' ? `${step.state}: ` : ''
    const detail = step.detail === null ? '' : `${state}${oneLine(step.detail)}`
    // A line that wraps could not be drawn over.
    const text = `${step.name.padEnd(nameWidth)}  ${time}  ${detail}`
      .slice(0, (stream.columns || 80) - 5)
      .trimEnd()
    return `  ${symbol(step)} ${isCurrent || step.durationMs !== null ? text : paint('dim', text, stream)}`
  }

  const erase = () => {
    if (drawn === 0) return
    moveCursor(stream, 0, -drawn)
    cursorTo(stream, 0)
    clearScreenDown(stream)
  }

  const draw = () => {
    // What has scrolled off a low terminal is out of reach: the steps around the running one are drawn. One that does not
    // know its height says 0.
    const room = stream.rows > 1 ? stream.rows - 1 : Infinity
    const all = [paint('bold', title, stream), ...board.steps.map(line)]
    const running = board.current === undefined ? all.length : board.steps.indexOf(board.current) + 2
    const lines = all.slice(Math.max(0, running - room)).slice(0, room)
    erase()
    stream.write(`${lines.join('\n')}\n`)
    drawn = lines.length
  }

  const timer = setInterval(() => {
    frame++
    draw()
  }, frameMs)
  draw()

  return {
    show(event) {
      const before = board.current
      board.apply(event)
      if (board.current !== before) changedAt = Date.now()
      draw()
    },
    stop() {
      clearInterval(timer)
      moving = false
      draw()
    },
  }
}
