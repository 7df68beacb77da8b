// The type of the router names it and the SDK ships that type: so it is in a file of its own, and in plain words.

/** What a procedure declares about itself. One that declares neither permission nor `public` does not exist: a test sees to it. */
export interface Meta {
  /** The `Permission` that its caller must have. */
  readonly permission?: string
  /** Anyone may call it, without a key. */
  readonly public?: true
  /** Where it is in the REST API. */
  readonly rest?: RestRoute
}

export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `{field}` stands for a field of the input. */
  readonly path: string
  /** What it does, in the reference. */
  readonly summary: string
  /** Of its answer, where that does not follow from what it answers. */
  readonly status?: 201 | 202
}
