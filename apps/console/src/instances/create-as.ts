import { defaultHealthCheckIntervalSeconds, defaultPostgresVersion } from '@toygres/schema'
import { commandLine, curlCall, withClient, type CopyForm } from '../ui/copy-forms.ts'

export interface NewInstance {
  readonly name: string
  readonly version: string
  readonly interval: number
}

/** The same creation for a terminal and for programs. */
export function createAs({ name, version, interval }: NewInstance): CopyForm[] {
  const input = {
    name,
    ...(version !== defaultPostgresVersion && { version }),
    ...(interval !== defaultHealthCheckIntervalSeconds && { healthCheckIntervalSeconds: interval }),
  }
  const flags = [
    version === defaultPostgresVersion ? '' : ` --version ${version}`,
    interval === defaultHealthCheckIntervalSeconds ? '' : ` --check-every ${interval}s`,
  ]
  const fields = Object.entries(input).map(
    ([key, value]) => `${key}: ${typeof value === 'number' ? value : `'${value}'`}`,
  )
  return [
    { name: 'CLI', text: commandLine(`create ${name}${flags.join('')}`) },
    {
      name: 'TypeScript',
      text: withClient(
        `const { operation } = await toygres.instances.create({ ${fields.join(', ')} })`,
        `await operation.wait()`,
      ),
    },
    { name: 'curl', text: curlCall('instances.create', input) },
  ]
}
