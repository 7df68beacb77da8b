type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The paths of the fields that we applied and that somebody else has set since. Server-side apply keeps whose each field is, and takes
 * it from us when another sets it: so what only we would apply otherwise by now, as after an upgrade, is not taken for a change.
 * Says no values: one may be a password.
 */
export function changedFields(applied: Fields, live: Fields, fieldManager: string): string[] {
  return differing(applied, live, fieldsOf(live, fieldManager), '')
}

/** In the notation of `managedFields`: `f:` names a field, `k:` an item of a list by its key, and nothing below means all of it. */
function fieldsOf(live: Fields, fieldManager: string): unknown {
  const metadata = isFields(live['metadata']) ? live['metadata'] : {}
  const managers: unknown[] = Array.isArray(metadata['managedFields']) ? metadata['managedFields'] : []
  const ours = managers
    .filter(isFields)
    .find(({ manager, operation }) => manager === fieldManager && operation === 'Apply')
  return ours?.['fieldsV1']
}

function differing(applied: unknown, live: unknown, ours: unknown, path: string): string[] {
  const isOursWhole = isFields(ours) && Object.keys(ours).length === 0
  if (isOursWhole || live === undefined) return []
  if (Array.isArray(applied)) return differingItems(applied, live, ours, path)
  if (!isFields(applied)) return applied === live ? [] : [path]
  if (!isFields(live)) return [path]
  return Object.entries(applied).flatMap(([name, value]) =>
    differing(
      value,
      live[name],
      isFields(ours) ? ours[`f:${name}`] : undefined,
      path === '' ? name : `${path}.${name}`,
    ),
  )
}

function differingItems(applied: readonly unknown[], live: unknown, ours: unknown, path: string): string[] {
  if (!Array.isArray(live)) return [path]
  if (!isFields(ours)) return JSON.stringify(applied) === JSON.stringify(live) ? [] : [path]
  // Items that others added stay theirs, as they do when we apply.
  return Object.entries(ours).flatMap(([itemKey, oursOfItem]) => {
    if (!itemKey.startsWith('k:')) return []
    const key: unknown = JSON.parse(itemKey.slice(2))
    const has = (item: unknown) =>
      isFields(key) && isFields(item) && Object.entries(key).every(([name, value]) => item[name] === value)
    return differing(
      applied.find(has),
      live.find(has),
      oursOfItem,
      `${path}[${Object.values(key as object).join(' ')}]`,
    )
  })
}
