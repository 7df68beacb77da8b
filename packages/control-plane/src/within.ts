/** Something did not end within its time. What it was may go on: whoever waited for it does not. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut'
}

/** @throws {TimedOut} */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
