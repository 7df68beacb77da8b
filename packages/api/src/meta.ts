// The type of the router names it and the SDK ships that type: so it is in a file of its own, and in plain words.

/** What a procedure declares about itself. One that declares neither does not exist: a test sees to it. */
export interface Meta {
  /** The `Permission` that its caller must have. */
  readonly permission?: string
  /** Anyone may call it, without a key. */
  readonly public?: true
}
