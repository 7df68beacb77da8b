export interface ServerSentEvent {
  /** `message` unless it says otherwise. */
  type: string
  data: string
}

/** Reads a `text/event-stream`: what it returns is given the body's bytes as they come, and yields the events that they complete. */
export function eventReader(): (bytes: Uint8Array) => Generator<ServerSentEvent> {
  const decoder = new TextDecoder()
  let text = ''
  return function* read(bytes) {
    text += decoder.decode(bytes, { stream: true })
    for (;;) {
      const end = /\r?\n\r?\n/.exec(text)
      if (end === null) return
      const event = parse(text.slice(0, end.index))
      text = text.slice(end.index + end[0].length)
      if (event !== null) yield event
    }
  }
}

function parse(block: string): ServerSentEvent | null {
  let type = 'message'
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    // `s`: a text may hold U+2028, which ends no line here, and which a dot alone does not match.
    const [, field, value = ''] = /^(\w+):? ?(.*)$/s.exec(line) ?? []
    if (field === 'event') type = value
    else if (field === 'data') data.push(value)
  }
  return data.length === 0 && type === 'message' ? null : { type, data: data.join('\n') }
}
