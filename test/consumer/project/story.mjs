// What the published package does when it is run, by whatever runs this: calls, a stream, dates, errors.
export async function story(createToygres, { url, apiKey, operationId }) {
  const toygres = createToygres({ url, apiKey })
  const handle = await toygres.operations.get(operationId)
  const seen = []
  const { state, createdAt } = await handle.wait({ onProgress: ({ seq }) => seen.push(seq) })
  const refused = await toygres.instances.get('no-such').catch(({ name, code }) => ({ name, code }))
  return { seen, state, created: createdAt instanceof Date, refused }
}
