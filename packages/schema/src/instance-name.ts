import { z } from 'zod'

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const instanceNameRule =
  'a name is 1 to 40 characters, lower-case letters, digits and "-", and begins and ends with a letter or digit'

/**
 * The name people give an instance: a DNS label as of RFC 1123, at most 40 characters so that objects
 * derived from it still fit in 63. It never looks like an id, so that one argument can take either.
 */
export const InstanceName = z
  .string()
  .min(1, instanceNameRule)
  .max(40, instanceNameRule)
  .regex(dnsLabel, instanceNameRule)
  .refine((name) => !uuid.test(name), 'a name must not look like an id')
  .meta({ id: 'InstanceName', description: instanceNameRule })
export type InstanceName = z.infer<typeof InstanceName>
