/** For those that have no way to be told of a result sooner. */
export async function untilNone(ask: () => Promise<{ readonly length: number }>): Promise<void> {
  while ((await ask()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
}
