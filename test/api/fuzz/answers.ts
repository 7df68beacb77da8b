import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { z } from 'zod'
import { JsonSchema, type Operation, type ReadDocument } from './document.ts'

/** What any request may be answered with, whatever an operation declares for itself. */
const ofAny = new Set([429, 503, 504])

/** What says something only where it is declared. */
const telling = ['location', 'retry-after', 'etag', 'idempotent-replayed']

/** An answer that has been read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Of a stream, the first of it: it may have no end. */
  readonly text: string
}

/** Holds answers against what the document says of them. */
export class Answers {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true })
  readonly #validators = new Map<string, ValidateFunction>()

  constructor({ raw }: ReadDocument) {
    addFormats.default(this.#ajv)
    this.#ajv.addSchema(closed(raw), 'openapi')
  }

  /** @returns what is wrong with the answer */
  faultsOf(operation: Operation, answer: Answer): string[] {
    const { status, headers } = answer
    const faults = /^[\w-]{1,128}$/.test(headers.get('x-request-id') ?? '') ? [] : ['it has no request id']
    if (status === 401 && headers.get('www-authenticate') !== 'Bearer') faults.push('it asks for no key')
    const as = operation.responses[status] === undefined && ofAny.has(status) ? 'default' : String(status)
    const declared = operation.responses[as]
    if (declared === undefined) return [...faults, `${status} is not declared`]
    return [
      ...faults,
      ...headerFaults(declared, headers),
      ...this.#bodyFaults(operation, as, typeOf(headers), answer.text),
    ]
  }

  /** @returns what is wrong with it as a refusal, whatever was asked for */
  problemFaults({ headers, text }: Answer): string[] {
    const type = typeOf(headers)
    return type === 'application/problem+json'
      ? this.#invalid('openapi#/components/schemas/Problem', text)
      : [`it is of type ${type}`]
  }

  #bodyFaults({ path, method, responses }: Operation, as: string, type: string, text: string): string[] {
    const types = Object.keys(responses[as]?.content ?? {})
    if (types.length === 0) return text === '' ? [] : ['it should be empty']
    if (!types.includes(type)) return [`it is of type ${type}, and declared as ${types.join(', ')}`]
    if (type === 'application/problem+json') return this.#invalid('openapi#/components/schemas/Problem', text)
    const steps = ['paths', path, method.toLowerCase(), 'responses', as, 'content', type, 'schema']
    if (type === 'text/event-stream') return this.#eventFaults([...steps, 'contentSchema'], text)
    return this.#invalid(`openapi#/${steps.map(asPointer).join('/')}`, text)
  }

  /** Each event, of those that have arrived whole, by what it is. */
  #eventFaults(steps: readonly string[], text: string): string[] {
    const blocks = text.split('\n\n').slice(0, -1)
    return blocks.flatMap((block) => {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]))
      const [event, data] = [fields.get('event'), fields.get('data')]
      if (data === undefined) return []
      if (event === 'end') return data === '{}' ? [] : [`it ends with ${data}`]
      if (event === 'problem') return this.#invalid('openapi#/components/schemas/Problem', data)
      if (event !== undefined) return [`it has an event ${event}`]
      const faults = fields.get('id') === undefined ? [`it has an event without an id`] : []
      return [...faults, ...this.#invalid(`openapi#/${steps.map(asPointer).join('/')}`, data)]
    })
  }

  #invalid(ref: string, text: string): string[] {
    const validate = this.#validators.get(ref) ?? this.#ajv.compile({ $ref: ref })
    this.#validators.set(ref, validate)
    validate(JSON.parse(text))
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }
}

function headerFaults(declared: Operation['responses'][string], headers: Headers): string[] {
  const names = new Set(Object.keys(declared.headers ?? {}).map((name) => name.toLowerCase()))
  const location = headers.get('location')
  return [
    ...telling
      .filter((name) => headers.has(name) && !names.has(name))
      .map((name) => `${name} is not declared`),
    ...(names.has('location') &&
    !/^\/(operations|keys|projects|webhooks)\/[0-9a-f-]{16,36}$/.test(location ?? '')
      ? [`its location is ${location}`]
      : []),
  ]
}

function typeOf(headers: Headers): string {
  return (headers.get('content-type') ?? '').replace(/;.*/, '')
}

/** The document lets answers get new fields, for callers who must bear them; this server has none that it does not tell of. */
function closed(schema: JsonSchema): JsonSchema {
  return JsonSchema.parse(
    JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
      const { data: described } = Described.safeParse(value)
      return described === undefined ? value : { additionalProperties: false, ...described }
    }),
  )
}

const Described = z.looseObject({ type: z.literal('object'), properties: z.record(z.string(), JsonSchema) })

const asPointer = (step: string): string =>
  encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))

/** A stream that says nothing for so long has nothing to say: some have no end. */
const silentAfterMs = 300

/** Enough of a stream to have seen what its events are. */
const enoughText = 20_000

export async function read(response: Response): Promise<Answer> {
  const { status, headers } = response
  if (typeOf(headers) !== 'text/event-stream') return { status, headers, text: await response.text() }
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (text.length < enoughText) {
    const silence = new Promise<undefined>((resolve) => setTimeout(resolve, silentAfterMs, undefined))
    const part = await Promise.race([reader?.read(), silence])
    if (part?.value === undefined) break
    text += part.value
  }
  await reader?.cancel()
  return { status, headers, text }
}
