export { controlPlaneOf, type Answers } from './control-plane.ts'
export { memoryLog, type Log } from './log.ts'
export { historyOf, instance, operation } from './samples.ts'
