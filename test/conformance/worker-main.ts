import { openEngine } from './world.ts'

// Told by startWorkerProcess: where, at which crash point to die, and how often to pass it before.
const [databaseUrl = '', crashAt = '', skip = '0'] = process.argv.slice(2)
let passes = Number(skip)

const { engine } = await openEngine(databaseUrl, {
  reach(point) {
    if (point === crashAt && passes-- === 0) process.kill(process.pid, 'SIGKILL')
  },
})
process.stdout.write('ready\n')
await engine.run()
