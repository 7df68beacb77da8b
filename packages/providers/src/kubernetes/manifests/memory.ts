const units: Record<string, number> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** A quarter of an amount in Kubernetes' notation, in PostgreSQL's: `512Mi` becomes `128MB`. */
export function quarterOf(quantity: string): string {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([kMGT]i?|Ki)?$/.exec(quantity) ?? []
  const factor = units[unit]
  if (digits === undefined || factor === undefined)
    throw new TypeError(`${quantity} is no amount of memory: write it as 512Mi or 2Gi`)
  // PostgreSQL's MB is 2^20 bytes; it refuses to run with less than a few of them.
  return `${Math.max(8, Math.floor((Number(digits) * factor) / 4 / 2 ** 20))}MB`
}
