import { v7 } from 'uuid'

/** A time-ordered id, in order even within one millisecond of a process: random ids make every step slower as history grows. */
export const newId = (): string => v7()
