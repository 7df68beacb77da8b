import type { Meta, RestRoute } from '../meta.ts'

/** Says where a procedure is in the REST API, and what it does: `.meta(rest('GET /instances/{id}', 'Get an instance'))`. */
export function rest(
  line: `${RestRoute['method']} /${string}`,
  summary: string,
  options: Pick<RestRoute, 'status'> = {},
): Meta {
  const [method, path] = line.split(' ') as [RestRoute['method'], string]
  return { rest: { method, path, summary, ...options } }
}
