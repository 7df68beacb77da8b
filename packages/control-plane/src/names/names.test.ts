import { createSocket } from 'node:dgram'
import type { LookupAddress } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Names } from './names.ts'

const typeA = 1

const ofCluster = '.svc.cluster.local'

/** Knows the good ones, and one service of a cluster. Nothing is said of what would have to be asked of others. */
function answerFor(name: string): 'known' | 'not known' | undefined {
  if (name.startsWith('good') || name === `pg-one.tenants${ofCluster}`) return 'known'
  return name.startsWith('wrong') || name.endsWith(ofCluster) ? 'not known' : undefined
}

function* labelsOf(question: Buffer): Generator<string> {
  for (let at = 12; question[at]; at += 1 + (question[at] ?? 0))
    yield question.subarray(at + 1, at + 1 + (question[at] ?? 0)).toString()
}

async function nameServer() {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (question, from) => {
    const name = [...labelsOf(question)].join('.')
    // After the name, which ends with an empty label, come its type and its class.
    const end = question.indexOf(0, 12) + 5
    const type = question.readUInt16BE(end - 4)
    asked.push(name)
    const answer = answerFor(name)
    if (answer === undefined) return
    const isGood = answer === 'known'
    const answers = isGood && type === typeA ? 1 : 0
    const head = Buffer.alloc(12)
    head.writeUInt16BE(question.readUInt16BE(0), 0)
    head.writeUInt16BE(isGood ? 0x8180 : 0x8183, 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt16BE(answers, 6)
    // The name of the question, of type A, in class IN, for ten seconds, in four bytes.
    const record = Buffer.from([0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 10, 0, 4, 127, 9, 9, 9])
    const said = [head, question.subarray(12, end), ...(answers > 0 ? [record] : [])]
    socket.send(Buffer.concat(said), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const makeResolver = () => {
    const made = new Resolver({ timeout: 1000, tries: 1 })
    made.setServers([`127.0.0.1:${socket.address().port}`])
    return made
  }
  return { asked, makeResolver, [Symbol.dispose]: () => void socket.close() }
}

/** Stands for the system: it knows what is of its own network, and waits for the same silent servers. */
function askSystem(name: string): Promise<LookupAddress[]> {
  if (name.startsWith('hung')) return new Promise(() => {})
  if (name.endsWith('lan')) return Promise.resolve([{ address: '127.9.9.8', family: 4 }])
  return Promise.reject(Object.assign(new Error(`there is no ${name}`), { code: 'ENOTFOUND' }))
}

async function filesThatSay({ hosts = '', resolvConf = '' }) {
  const directory = await mkdtemp(join(tmpdir(), 'names-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const files = { hosts: join(directory, 'hosts'), resolvConf: join(directory, 'resolv.conf') }
  await Promise.all([writeFile(files.hosts, hosts), writeFile(files.resolvConf, resolvConf)])
  return files
}

/** As in a pod. */
const resolvConf = `# made by the kubelet
search toygres${ofCluster} svc.cluster.local cluster.local
nameserver 10.96.0.10
options timeout:1 ndots:5
`

test('names that nobody answers for hold up neither the others nor the threads of the process, and end', async () => {
  using server = await nameServer()
  const names = new Names({ ...server, files: await filesThatSay({}), askSystem })
  const ended: string[] = []
  const note = (what: string) => () => void ended.push(what)
  const hanging = Array.from({ length: 50 }, (_, n) =>
    names.resolve(`hung-${n}.example`).catch((error: { code: string }) => ended.push(error.code)),
  )
  await Promise.all([
    names.resolve('good.example').then(note('another')),
    names.resolve('lan').then(note('of the system')),
    readFile(import.meta.filename).then(note('a file')),
  ])
  expect(ended.toSorted()).toEqual(['a file', 'another', 'of the system'])
  await Promise.all(hanging)
  expect(ended.filter((what) => what === 'EAI_AGAIN')).toHaveLength(50)
})

test('a name is asked for once while its answer holds, a failure for a moment only', async () => {
  using server = await nameServer()
  const clock = { now: 0 }
  const names = new Names({ ...server, files: await filesThatSay({}), askSystem, now: () => clock.now })
  const questions = (name: string) => server.asked.filter((asked) => asked === name).length
  const goodAt = async (now: number) => {
    clock.now = now
    const found = await Promise.all([names.resolve('good.example'), names.resolve('good.example')])
    expect(found).toEqual([[{ address: '127.9.9.9', family: 4 }], [{ address: '127.9.9.9', family: 4 }]])
    return questions('good.example')
  }
  // Each time for addresses of both versions.
  expect([await goodAt(0), await goodAt(9_999), await goodAt(10_000)]).toEqual([2, 2, 4])
  const hungAt = async (now: number) => {
    clock.now = now
    await expect(names.resolve('hung.example')).rejects.toMatchObject({ code: 'EAI_AGAIN' })
    return questions('hung.example')
  }
  expect([await hungAt(0), await hungAt(1_999), await hungAt(2_000)]).toEqual([2, 2, 4])
})

test('a socket connects to a name by it, and what no server knows the system is asked for', async () => {
  using server = await nameServer()
  const names = new Names({ ...server, files: await filesThatSay({}), askSystem })
  const found = await new Promise((resolve) =>
    names.lookup('good.example', { all: true }, (error, addresses) => resolve(error ?? addresses)),
  )
  expect(found).toEqual([{ address: '127.9.9.9', family: 4 }])
  await expect(names.resolve('wrong.invalid')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  expect(server.asked).toContain('wrong.invalid')
})

test('a name within a cluster is completed as the system would, and nobody outside is asked for it', async () => {
  using server = await nameServer()
  const names = new Names({ ...server, files: await filesThatSay({ resolvConf }), askSystem })
  expect(await names.resolve('pg-one.tenants.svc')).toEqual([{ address: '127.9.9.9', family: 4 }])
  const [toItself, toServices, toCluster] = ['.toygres.svc', '.svc', ''].map(
    (domain) => `pg-one.tenants.svc${domain}.cluster.local`,
  )
  expect([...new Set(server.asked)]).toEqual([toItself, toServices, toCluster])
})

test('a name that the file of hosts has is asked of nobody, and one that servers are silent about of the system', async () => {
  using server = await nameServer()
  const hosts = '127.0.0.7 db.tenants Mine.example # ours\n::1 mine.example\n'
  const names = new Names({ ...server, files: await filesThatSay({ hosts }), askSystem })
  expect(await names.resolve('mine.Example')).toEqual([
    { address: '127.0.0.7', family: 4 },
    { address: '::1', family: 6 },
  ])
  expect(server.asked).toEqual([])
  expect(await names.resolve('silent.lan')).toEqual([{ address: '127.9.9.8', family: 4 }])
})
