/** Something that the person who started us can mend: told in one sentence, without a stack. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
}

/** A flag or a setting breaks a rule. */
export class UsageError extends UserError {
  override readonly name = 'UsageError'
}
