export { installPostgres } from './binaries.ts'
export { checkDataDirectory, createDataDirectory, setPassword } from './data-directory.ts'
export {
  isThere,
  makePassableDirectory,
  makePrivateDirectory,
  namesIn,
  removeTree,
  syncDirectory,
} from './directories.ts'
export { LocalPostgresError, type LocalPostgresErrorCode, errnoOf, explainSystemError } from './errors.ts'
export { type RunningServer, findServer } from './find-server.ts'
export { isPortFree } from './free-port.ts'
export { type Installation, type PostgresMajor, postgresMajors } from './installation.ts'
export { withLock } from './lock.ts'
export { processIdentity } from './process-identity.ts'
export { type ProbeAnswer, probe } from './probe.ts'
export { isAccepting, untilReady } from './readiness.ts'
export { type RunServerOptions, type Server, runServer } from './run-server.ts'
export { tailLog, pruneLogs } from './server-log.ts'
export { cloneTemplate, refillSpare } from './spare.ts'
export { type ServerPlace, explainLastStart, portTaken } from './start-failure.ts'
export { type StartOptions, startServer } from './start-server.ts'
export { type StopMode, stopServer } from './stop-server.ts'
export { type Account, serverAccount } from './run-as.ts'
