import type { WebhookEventKind } from '@toygres/sdk'
import { Option } from 'commander'

/** Each that there is: one that is missing here does not compile. */
const kinds: Record<WebhookEventKind, true> = {
  'instance.creating': true,
  'instance.running': true,
  'instance.stopping': true,
  'instance.stopped': true,
  'instance.starting': true,
  'instance.failed': true,
  'instance.deleting': true,
  'instance.deleted': true,
  'instance.healthy': true,
  'instance.unhealthy': true,
  'operation.succeeded': true,
  'operation.failed': true,
  'operation.cancelled': true,
  'operation.parked': true,
}

/** Which events it is told of. */
export const eventsOption = (): Option =>
  new Option('--on <event...>', 'the kinds of events to tell it of').choices(Object.keys(kinds))
