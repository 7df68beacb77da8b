import type { Installation } from '@toygres/local-postgres'
import type { Changes } from '../changes.ts'
import type { Reach } from './crash-points.ts'
import type { Places } from './places.ts'
import type { PortReservations } from './ports.ts'

/** What the verbs of one local provider share. */
export interface LocalContext {
  readonly places: Places
  readonly owner: string | undefined
  readonly ports: PortReservations
  readonly changed: Changes
  readonly reach: Reach
  /** Makes the next create faster, in the background. */
  readonly restock: (installation: Installation) => void
}
