/** Milliseconds that the control plane's clock is ahead of ours, as far as its answers tell. */
let aheadMs = 0

/** What time it is where everything happened that is shown. */
export const serverNow = (): number => Date.now() + aheadMs

/** `fetch`, which takes note of the time in the answers. */
export const fetchWithTime: typeof fetch = async (input, init) => {
  const askedAt = Date.now()
  const response = await fetch(input, init)
  const told = Date.parse(response.headers.get('date') ?? '')
  if (!Number.isNaN(told)) aheadMs = howFarAhead(told, { askedAt, answeredAt: Date.now() })
  return response
}

/** Answers count whole seconds, and a second may be over when it is told. */
const vagueMs = 2_000

/** Where nothing speaks against it the clocks agree. */
export function howFarAhead(
  told: number,
  { askedAt, answeredAt }: { askedAt: number; answeredAt: number },
): number {
  const [least, most] = [told - answeredAt, told + vagueMs - askedAt]
  return least <= 0 && most >= 0 ? 0 : (least + most) / 2
}
