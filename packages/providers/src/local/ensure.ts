import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Installation,
  LocalPostgresError,
  cloneTemplate,
  isThere,
  keepConfiguration,
  putBackConfiguration,
  installPostgres,
  makePassableDirectory,
  setPassword,
  startServer,
  syncDirectory,
} from '@toygres/local-postgres'
import type { InstanceSpec } from '../provider.ts'
import type { LocalContext } from './context.ts'
import { type InstanceRecord, readRecord, writeRecord } from './instance-record.ts'
import type { InstancePlace } from './places.ts'
import { removeHalfMade, removeObjects } from './remove.ts'

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
    if (isNew) await makeData(context, installation, spec, signal)
    const settled = record.hasData ? record : await recordData(context, record)
    // Where the data is not what it was, the start says so.
    if (await isThere(place.data)) await settleConfiguration(context, installation, place)
    await start(context, installation, settled, { resumed: known !== null })
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
  const { id, name, version } = spec
  const { owner } = context
  const record = { id, name, version, port, ...(owner !== undefined && { owner }), hasData: false }
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
  signal: AbortSignal | undefined,
): Promise<void> {
  const place = context.places.instance(spec.id)
  await removeHalfMade(place)
  await cloneTemplate(installation, place.dataHalfMade)
  await context.reach('ensure.data-cloned')
  await setPassword(installation, place.dataHalfMade, { password: spec.password, signal })
  await context.reach('ensure.password-set')
  await rename(place.dataHalfMade, place.data)
  await syncDirectory(place.directory)
  await context.reach('ensure.data-named')
}

/** It stays as it was made. */
async function settleConfiguration(
  { reach }: LocalContext,
  installation: Installation,
  { data, configuration }: InstancePlace,
): Promise<void> {
  await keepConfiguration(data, configuration)
  await reach('ensure.configuration-kept')
  await putBackConfiguration(installation, data, configuration)
}

/** An instance whose port a foreign program took before it ever listened there gets another; an old one keeps its own. */
async function start(
  context: LocalContext,
  installation: Installation,
  record: InstanceRecord,
  { resumed }: { readonly resumed: boolean },
): Promise<void> {
  const mayMove = !(await hasListened(context.places.instance(record.id)))
  // What a crash in the middle of a move left.
  if (mayMove && resumed) await context.ports.release(record.id, record.port)
  try {
    await startOn(context, installation, record)
  } catch (error) {
    if (!mayMove || !(error instanceof LocalPostgresError) || error.code !== 'PORT_TAKEN') throw error
    await startOn(context, installation, await move(context, record))
  }
}

/** PostgreSQL writes this file once it has its port, and never takes it away. */
async function hasListened({ data }: InstancePlace): Promise<boolean> {
  return isThere(join(data, 'postmaster.opts'))
}

/** The record never names a port that is not reserved: the new one is had before it, the old one given up after it. */
async function move(context: LocalContext, record: InstanceRecord): Promise<InstanceRecord> {
  const { ports, places, reach } = context
  const moved = { ...record, port: await ports.reserveAnother(record.id) }
  await reach('move.port-reserved')
  await writeRecord(places.instance(record.id), moved)
  await reach('move.record-written')
  await ports.release(record.id, moved.port)
  await reach('move.old-port-released')
  return moved
}

async function startOn(
  { places, changed }: LocalContext,
  installation: Installation,
  record: InstanceRecord,
): Promise<void> {
  await startServer(installation, {
    ...places.instance(record.id).server(record.port),
    settings: { cluster_name: record.name },
    onExit: () => changed.emit(record.id),
  })
}
