import { UsageError } from './user-error.ts'
import { z } from 'zod'
import { defaultHome } from './home.ts'

/** What `up` can be told, by flag or by environment; a flag wins. */
export const UpOptions = z.object({
  home: z.string().min(1),
  host: z.string().min(1),
  port: z.coerce.number('--port takes a number from 0 to 65535').int().min(0).max(65_535),
  provider: z.enum(['local', 'kubernetes'], '--provider takes: local, kubernetes'),
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

const Environment = z.object({
  TOYGRES_HOME: z.string().min(1).optional(),
  TOYGRES_HOST: z.string().min(1).optional(),
  TOYGRES_PORT: z.string().min(1).optional(),
  TOYGRES_PROVIDER: z.string().min(1).optional(),
  TOYGRES_DATABASE_URL: z.string().min(1).optional(),
})

/** @throws {UsageError} naming everything that is wrong, at once */
export function readUpOptions(flags: Record<string, unknown>, env: NodeJS.ProcessEnv): UpOptions {
  const from = Environment.parse(env)
  const read = UpOptions.safeParse({
    home: from.TOYGRES_HOME ?? defaultHome(),
    host: from.TOYGRES_HOST ?? '127.0.0.1',
    port: from.TOYGRES_PORT ?? 7420,
    provider: from.TOYGRES_PROVIDER ?? 'local',
    databaseUrl: from.TOYGRES_DATABASE_URL,
    ...flags,
  })
  if (read.success) return read.data
  throw new UsageError(read.error.issues.map((issue) => issue.message).join('; '))
}

const protocolOf = (url: string): string => (URL.canParse(url) ? new URL(url).protocol : '')
