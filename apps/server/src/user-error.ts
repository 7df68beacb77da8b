/** Something that the person who started us can mend: told in one sentence, without a stack. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
}

/** A start that ended in its middle, not by itself: what it has begun may run, and a later one goes on from there. */
export class CutShort extends UserError {
  override readonly name = 'CutShort'
}

/** A flag or a setting breaks a rule. */
export class UsageError extends UserError {
  override readonly name = 'UsageError'
}
