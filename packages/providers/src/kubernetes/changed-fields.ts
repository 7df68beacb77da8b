type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The paths of the fields that we applied and that somebody else has set since. Server-side apply keeps whose each field is, and takes
 * it from us when another sets it: so what only we would apply otherwise by now, as after an upgrade, is not taken for a change, and
 * neither is what is nobody's, which the API server filled in. Says no values: one may be a password.
 */
export function changedFields(applied: Fields, live: Fields, fieldManager: string): string[] {
  return differing(applied, live, ownersOf(live, fieldManager), '')
}

/** In the notation of `managedFields`: `f:` names a field, `k:` an item of a list by its key, and nothing below means all of it. */
interface Owners {
  readonly ours: unknown
  readonly others: readonly unknown[]
}

function ownersOf(live: Fields, fieldManager: string): Owners {
  const metadata = isFields(live['metadata']) ? live['metadata'] : {}
  const entries: unknown[] = Array.isArray(metadata['managedFields']) ? metadata['managedFields'] : []
  const managers = entries.filter(isFields)
  const isOurs = ({ manager, operation }: Fields) => manager === fieldManager && operation === 'Apply'
  const others = managers.filter((manager) => !isOurs(manager)).map((manager) => manager['fieldsV1'])
  // Where somebody has taken away whose they are, all may be theirs.
  return { ours: managers.find(isOurs)?.['fieldsV1'], others: managers.length === 0 ? [{}] : others }
}

const isWhole = (fields: unknown): boolean => isFields(fields) && Object.keys(fields).length === 0
const below = (fields: unknown, key: string): unknown =>
  isWhole(fields) ? fields : isFields(fields) ? fields[key] : undefined
const ownersBelow = ({ ours, others }: Owners, key: string): Owners => ({
  ours: below(ours, key),
  others: others.map((fields) => below(fields, key)),
})

function differing(applied: unknown, live: unknown, owners: Owners, path: string): string[] {
  const isOthers = owners.others.some((fields) => fields !== undefined)
  if (isWhole(owners.ours) || live === undefined || !isOthers) return []
  if (Array.isArray(applied)) return differingItems(applied, live, owners, path)
  if (!isFields(applied)) return applied === live ? [] : [path]
  if (!isFields(live)) return [path]
  return Object.entries(applied).flatMap(([name, value]) =>
    differing(value, live[name], ownersBelow(owners, `f:${name}`), path === '' ? name : `${path}.${name}`),
  )
}

function differingItems(applied: readonly unknown[], live: unknown, owners: Owners, path: string): string[] {
  const { ours } = owners
  if (!Array.isArray(live)) return [path]
  if (!isFields(ours)) return JSON.stringify(applied) === JSON.stringify(live) ? [] : [path]
  // Items that others added stay theirs, as they do when we apply.
  return Object.keys(ours).flatMap((itemKey) => {
    if (!itemKey.startsWith('k:')) return []
    const key: unknown = JSON.parse(itemKey.slice(2))
    const has = (item: unknown) =>
      isFields(key) && isFields(item) && Object.entries(key).every(([name, value]) => item[name] === value)
    return differing(
      applied.find(has),
      live.find(has),
      ownersBelow(owners, itemKey),
      `${path}[${Object.values(key as object).join(' ')}]`,
    )
  })
}
