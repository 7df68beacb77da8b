import { defaultHealthCheckIntervalSeconds, defaultPostgresVersion } from '@toygres/schema'
import { commandLine, curlCall, withClient, type CopyForm } from '../ui/copy-forms.ts'
import { scriptQuoted, shellQuoted } from '../ui/quoted.ts'

export interface NewInstance {
  readonly name: string
  readonly version: string
  readonly interval: number
  readonly labels: Readonly<Record<string, string>>
}

/** The same creation for a terminal and for programs. */
export function createAs({ name, version, interval, labels }: NewInstance): CopyForm[] {
  const input = {
    name,
    ...(version !== defaultPostgresVersion && { version }),
    ...(interval !== defaultHealthCheckIntervalSeconds && { healthCheckIntervalSeconds: interval }),
    ...(Object.keys(labels).length > 0 && { labels }),
  }
  const flags = [
    version === defaultPostgresVersion ? '' : ` --version ${version}`,
    interval === defaultHealthCheckIntervalSeconds ? '' : ` --check-every ${interval}s`,
    ...Object.entries(labels).map(([label, value]) => ` --label ${shellQuoted(`${label}=${value}`)}`),
  ]
  return [
    { name: 'CLI', text: commandLine(`create ${name}${flags.join('')}`) },
    {
      name: 'TypeScript',
      text: withClient(
        `const { operation } = await toygres.instances.create(${scriptQuoted(input)})`,
        `await operation.wait()`,
      ),
    },
    { name: 'curl', text: curlCall('instances.create', input) },
  ]
}
