import type { PostgresType } from 'postgres'

const quoted = (item: unknown): string => `"${String(item).replaceAll(/["\\]/g, String.raw`\$&`)}"`

function arrayOf(oid: number): PostgresType<readonly unknown[]> {
  return {
    to: oid,
    from: [],
    serialize: (items: readonly unknown[]) => `{${items.map(quoted).join(',')}}`,
    parse: (text: string) => [text],
  }
}

/**
 * The arrays that we and pg-boss bind, by their fixed OIDs (pg_type.dat). postgres.js would ask each new connection
 * for them, with a query whose failure nobody can catch: a connection lost at that moment would end the process.
 */
export const arrayTypes = { texts: arrayOf(1009), uuids: arrayOf(2951), integers: arrayOf(1007) }
