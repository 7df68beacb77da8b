import { rename } from 'node:fs/promises'
import {
  type Installation,
  LocalPostgresError,
  cloneTemplate,
  findServer,
  isThere,
  installPostgres,
  makePassableDirectory,
  removeTree,
  setPassword,
  startServer,
  syncDirectory,
} from '@toygres/local-postgres'
import type { InstanceSpec } from '../provider.ts'
import type { LocalContext } from './context.ts'
import { type InstanceRecord, readRecord, writeRecord } from './instance-record.ts'
import type { InstancePlace } from './places.ts'
import { removeObjects } from './remove.ts'

/** Makes each object of the instance that is not there yet, in order. Runs under the instance's lock. */
export async function ensureObjects(
  context: LocalContext,
  spec: InstanceSpec,
  signal?: AbortSignal,
): Promise<void> {
  const { places, reach } = context
  const place = places.instance(spec.id)
  const known = await readRecord(place)
  const isNew = !known?.hasData && !(await isThere(place.data))
  await reach('ensure.begun')
  try {
    const installation = await installPostgres(places.home, spec.version)
    await makePassableDirectory(places.instances, installation.account)
    await makePassableDirectory(place.directory, installation.account)
    await reach('ensure.directory-made')
    const record = known ?? (await makeRecord(context, spec))
    signal?.throwIfAborted()
    if (isNew) await makeData(context, installation, spec)
    const settled = record.hasData ? record : await recordData(context, record)
    await start(context, installation, settled, { mayMove: isNew })
    await reach('ensure.server-started')
    context.restock(installation)
  } catch (error) {
    // Data that was there before is never taken away, whatever is wrong with it.
    if (isNew) await removeObjects(context, spec)
    throw error
  }
}

async function makeRecord(context: LocalContext, spec: InstanceSpec): Promise<InstanceRecord> {
  const port = await context.ports.reserve(spec.id)
  await context.reach('ensure.port-reserved')
  const record = { id: spec.id, name: spec.name, version: spec.version, port, hasData: false }
  await writeRecord(context.places.instance(spec.id), record)
  await context.reach('ensure.record-written')
  return record
}

async function recordData(context: LocalContext, record: InstanceRecord): Promise<InstanceRecord> {
  const settled = { ...record, hasData: true }
  await writeRecord(context.places.instance(record.id), settled)
  await context.reach('ensure.data-recorded')
  return settled
}

async function makeData(
  context: LocalContext,
  installation: Installation,
  spec: InstanceSpec,
): Promise<void> {
  const place = context.places.instance(spec.id)
  await removeTree(place.dataHalfMade)
  await cloneTemplate(installation, place.dataHalfMade)
  await context.reach('ensure.data-cloned')
  await setPassword(installation, place.dataHalfMade, spec.password)
  await context.reach('ensure.password-set')
  await rename(place.dataHalfMade, place.data)
  await syncDirectory(place.directory)
  await context.reach('ensure.data-named')
}

/** A new instance whose port a foreign program took in the meantime gets another; an old one keeps its own. */
async function start(
  context: LocalContext,
  installation: Installation,
  record: InstanceRecord,
  { mayMove }: { readonly mayMove: boolean },
): Promise<void> {
  const place = context.places.instance(record.id)
  try {
    await startOn(context, installation, place, record)
  } catch (error) {
    if (!mayMove || !(error instanceof LocalPostgresError) || error.code !== 'PORT_TAKEN') throw error
    await context.ports.release(record.id)
    const moved = { ...record, port: await context.ports.reserve(record.id) }
    await writeRecord(place, moved)
    await startOn(context, installation, place, moved)
  }
}

async function startOn(
  context: LocalContext,
  installation: Installation,
  place: InstancePlace,
  record: InstanceRecord,
): Promise<void> {
  if (await findServer(place.data)) return
  await startServer(installation, {
    ...place.server(record.port),
    settings: { cluster_name: record.name },
    onExit: () => context.changed.emit(record.id),
  })
}
