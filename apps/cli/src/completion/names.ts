import type { Toygres } from '@toygres/sdk'
import { contextsFile, localContext, readContexts } from '../config/contexts.ts'
import type { Subject } from './subjects.ts'

/** A shell that waits longer for a word seems to be stuck. */
const withinMs = 1_000
const most = 200

/** The names that there are; none where they cannot be had at once. */
export async function namesOf(subject: Subject, open: () => Promise<Toygres>): Promise<readonly string[]> {
  try {
    return subject === 'context' ? await contexts() : await called(subject, await open())
  } catch {
    return []
  }
}

async function contexts(): Promise<string[]> {
  const { entries } = await readContexts(contextsFile(process.env))
  return [localContext, ...Object.keys(entries)]
}

async function called(subject: Exclude<Subject, 'context'>, toygres: Toygres): Promise<string[]> {
  const page = { limit: most }
  const options = { signal: AbortSignal.timeout(withinMs) }
  switch (subject) {
    case 'instance':
      return (await toygres.instances.list(page, options)).items.map(({ name }) => name)
    case 'operation':
      return (await toygres.operations.list(page, options)).items.map(({ id }) => id)
    case 'key':
      return (await toygres.keys.list(page, options)).items.map(({ id }) => id)
    case 'webhook':
      return (await toygres.webhooks.list(page, options)).items.map(({ id }) => id)
    case 'project':
      return (await toygres.projects.list(page, options)).items.map(({ name }) => name)
  }
}
