import { openEngine } from './open-engine.ts'
import { tellStory } from './story.ts'
import { StoryOrders } from './story-orders.ts'

// Works and tells the story over and over, until it reaches the crash point for the last time.
const { databaseUrl, crashAt, skip, atOnce } = StoryOrders.parse(JSON.parse(process.argv[2] ?? ''))

let passes = skip
const teller = await openEngine(databaseUrl, {
  reach(point) {
    if (point === crashAt && passes-- === 0) process.kill(process.pid, 'SIGKILL')
  },
})
await teller.engine.run()
process.stdout.write('ready\n')
for (let round = 0; ; round++) await tellStory(teller, { round, atOnce })
