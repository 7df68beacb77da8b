import type { Page } from '@toygres/sdk'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { say } from './output/print.ts'

export interface PageFlags {
  limit: number
  cursor?: string
}

const longestPage = 200
const mostItems = 10_000

export const pageFlags = (command: Command, defaultLimit: number): Command =>
  command
    .addOption(limitFlag(defaultLimit))
    .option('--cursor <nextCursor>', 'go on where an earlier list ended')

export const limitFlag = (defaultLimit: number): Option =>
  new Option('--limit <number>', 'how many at most').argParser(parseLimit).default(defaultLimit)

/** Fetches page after page until there is enough, or nothing more. */
export async function collect<Item>(
  fetchPage: (request: { cursor?: string; limit: number }) => Promise<Page<Item>>,
  { limit, cursor: first }: PageFlags,
): Promise<Page<Item>> {
  const items: Item[] = []
  let cursor = first ?? null
  do {
    const page = await fetchPage({
      limit: Math.min(longestPage, limit - items.length),
      ...(cursor !== null && { cursor }),
    })
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null && items.length < limit)
  return { items, nextCursor: cursor }
}

/** Said beside a list that is not whole. */
export function sayIfMore({ items, nextCursor }: Page<unknown>): void {
  if (nextCursor !== null)
    say(`These are ${items.length}, and there are more: raise --limit, or go on with --cursor ${nextCursor}`)
}

function parseLimit(text: string): number {
  const limit = /^\d+$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= mostItems) return limit
  throw new InvalidArgumentError(`Expected a number from 1 to ${mostItems}.`)
}
