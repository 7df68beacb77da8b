import { call } from './call.ts'
import { listing, type Listing } from './listing.ts'
import type { Transport } from './transport.ts'
import type {
  CallOptions,
  ConditionalOptions,
  CreateProject,
  ListProjects,
  MutationOptions,
  Project,
  UpdateProject,
} from './types.ts'

/** Tenants: the instances, operations and keys of one are not there for the others. A project is asked for by its id or its name. */
export interface Projects {
  /** The projects that the caller may see, newest first. */
  list(filter?: ListProjects, options?: CallOptions): Listing<Project>
  /** @throws {NotFoundError} `PROJECT_NOT_FOUND` */
  get(idOrName: string, options?: CallOptions): Promise<Project>
  /** @throws {ConflictError} `PROJECT_NAME_TAKEN` */
  create(input: CreateProject, options?: MutationOptions): Promise<Project>
  /**
   * Changes the quota of a project. What is in use beyond it stays; only nothing is added. With `etag`, only if nobody else has
   * changed it since.
   * @throws {NotFoundError} `PROJECT_NOT_FOUND`
   */
  update(idOrName: string, changes: UpdateProject, options?: ConditionalOptions): Promise<Project>
  /**
   * Removes a project that is empty.
   * @throws {ConflictError} `PROJECT_NOT_EMPTY`
   */
  delete(idOrName: string, options?: ConditionalOptions): Promise<Project>
}

export function projectsOf(transport: Transport): Projects {
  return {
    list: (filter, options) =>
      listing((from) => call(transport, 'projects.list', { ...filter, ...from }, options)),
    get: (id, options) => call(transport, 'projects.get', { id }, options),
    create: (input, options) => call(transport, 'projects.create', input, options),
    update: (id, changes, { etag, ...options } = {}) =>
      call(transport, 'projects.update', { id, etag, ...changes }, options),
    delete: (id, { etag, ...options } = {}) => call(transport, 'projects.delete', { id, etag }, options),
  }
}
