import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { Names } from './names.ts'

const typeA = 1

/** A name server that knows each name that begins with `good`, says of `wrong` ones that they are not, and nothing of any other. */
async function nameServer() {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (question, from) => {
    const length = question[12] ?? 0
    const label = question.subarray(13, 13 + length).toString()
    // After the name, which ends with an empty label, come its type and its class.
    const end = question.indexOf(0, 12) + 5
    const type = question.readUInt16BE(end - 4)
    asked.push(label)
    const isGood = label.startsWith('good')
    if (!isGood && !label.startsWith('wrong')) return
    const answers = isGood && type === typeA ? 1 : 0
    const head = Buffer.alloc(12)
    head.writeUInt16BE(question.readUInt16BE(0), 0)
    head.writeUInt16BE(isGood ? 0x8180 : 0x8183, 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt16BE(answers, 6)
    // The name of the question, of type A, in class IN, for ten seconds, in four bytes.
    const answer = Buffer.from([0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 10, 0, 4, 127, 9, 9, 9])
    const said = [head, question.subarray(12, end), ...(answers > 0 ? [answer] : [])]
    socket.send(Buffer.concat(said), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const resolver = () => {
    const made = new Resolver({ timeout: 1000, tries: 1 })
    made.setServers([`127.0.0.1:${socket.address().port}`])
    return made
  }
  return { asked, resolver, [Symbol.dispose]: () => void socket.close() }
}

test('names that nobody answers for hold up neither the others nor the threads of the process, and end', async () => {
  using server = await nameServer()
  const names = new Names(server.resolver)
  const ended: string[] = []
  const note = (what: string) => () => void ended.push(what)
  const hanging = Array.from({ length: 50 }, (_, n) =>
    names.resolve(`hung-${n}.example`).catch((error: { code: string }) => ended.push(error.code)),
  )
  await Promise.all([
    names.resolve('good.example').then(note('another')),
    names.resolve('localhost').then(note('of the system')),
    readFile(import.meta.filename).then(note('a file')),
  ])
  expect(ended.toSorted()).toEqual(['a file', 'another', 'of the system'])
  await Promise.all(hanging)
  expect(ended.filter((what) => what === 'EAI_AGAIN')).toHaveLength(50)
})

test('a name is asked for once while its answer holds, a failure for a moment only', async () => {
  using server = await nameServer()
  const clock = { now: 0 }
  const names = new Names(server.resolver, () => clock.now)
  const questions = (label: string) => server.asked.filter((asked) => asked === label).length
  const goodAt = async (now: number) => {
    clock.now = now
    const found = await Promise.all([names.resolve('good.example'), names.resolve('good.example')])
    expect(found).toEqual([[{ address: '127.9.9.9', family: 4 }], [{ address: '127.9.9.9', family: 4 }]])
    return questions('good')
  }
  // Each time for addresses of both versions.
  expect([await goodAt(0), await goodAt(9_999), await goodAt(10_000)]).toEqual([2, 2, 4])
  const hungAt = async (now: number) => {
    clock.now = now
    await expect(names.resolve('hung.example')).rejects.toMatchObject({ code: 'EAI_AGAIN' })
    return questions('hung')
  }
  expect([await hungAt(0), await hungAt(1_999), await hungAt(2_000)]).toEqual([2, 2, 4])
})

test('a socket connects to a name by it, and what no server knows the system is asked for', async () => {
  using server = await nameServer()
  const names = new Names(server.resolver)
  const found = await new Promise((resolve) =>
    names.lookup('good.example', { all: true }, (error, addresses) => resolve(error ?? addresses)),
  )
  expect(found).toEqual([{ address: '127.9.9.9', family: 4 }])
  await expect(names.resolve('wrong.invalid')).rejects.toMatchObject({
    code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as unknown,
  })
  expect(server.asked).toContain('wrong')
})
