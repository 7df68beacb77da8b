import { resolve } from 'node:path'
import type { ProviderName } from '@toygres/schema'
import { z } from 'zod'
import { UsageError } from './user-error.ts'

const homeRule = '--home takes a directory'
const portRule = '--port takes a number from 0 to 65535'

/** What `up` can be told, by flag or by environment; a flag wins. */
export const UpOptions = z.object({
  home: z
    .string(homeRule)
    .min(1, homeRule)
    // PostgreSQL's initdb names its sibling to a shell, between double quotes.
    .refine((home) => !/["$`\n]/.test(resolve(home)), {
      error: ({ input }) =>
        `PostgreSQL cannot be set up in ${resolve(String(input))}: choose a --home without ", $, \` and line ends in its path`,
    }),
  /** Where nobody says, `defaultAddress`. */
  host: z.string().min(1, '--host takes an address').optional(),
  port: z
    .string()
    .regex(/^\d{1,5}$/, portRule)
    .transform(Number)
    .refine((port) => port <= 65_535, portRule)
    .optional(),
  /** `local` where nobody says. */
  provider: z.enum(['local', 'kubernetes'], '--provider takes: local, kubernetes').optional(),
  databaseUrl: z
    .string()
    .refine(
      (url) => /^postgres(ql)?:$/.test(protocolOf(url)),
      '--database-url takes postgres://user:password@host:port/database',
    )
    .optional(),
  detach: z.boolean().default(false),
})
export type UpOptions = z.infer<typeof UpOptions>

const defaultAddress = { host: '127.0.0.1', port: 7420 }

export const addressOf = ({ host, port }: UpOptions): { host: string; port: number } => ({
  host: host ?? defaultAddress.host,
  port: port ?? defaultAddress.port,
})

export const providerOf = ({ provider }: UpOptions): ProviderName => provider ?? 'local'

/** @throws {UsageError} naming everything that is wrong, at once */
export function readUpOptions(flags: Record<string, unknown>, env: NodeJS.ProcessEnv): UpOptions {
  // As everywhere, a variable that is empty is one that is not set.
  const from = (name: string) => env[`TOYGRES_${name}`] || undefined
  const read = UpOptions.safeParse({
    host: from('HOST'),
    port: from('PORT'),
    provider: from('PROVIDER'),
    databaseUrl: from('DATABASE_URL'),
    ...flags,
  })
  if (read.success) return read.data
  throw new UsageError(read.error.issues.map((issue) => issue.message).join('; '))
}

const protocolOf = (url: string): string => (URL.canParse(url) ? new URL(url).protocol : '')
