import { localCrashPoints } from '@toygres/providers/local'
import { describeProvider } from './describe-provider.ts'
import { enterLocalWorld } from './local-world.ts'

describeProvider('local', { crashPoints: localCrashPoints, enter: enterLocalWorld })
