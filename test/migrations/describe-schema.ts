import { connect } from '@toygres/control-plane'
import type { Sql } from 'postgres'

/**
 * Everything that `sql/*.sql` makes, as the database itself says it, in one order whatever the machine. Read by people and
 * compared by a test; it is not meant to be run. (pg_dump would do, but does not come with the binaries that we have.)
 */
export async function describeSchema(databaseUrl: string): Promise<string> {
  const sql = connect(databaseUrl, { max: 1, applicationName: 'describe schema' })
  try {
    const parts = [
      await enums(sql),
      await tables(sql),
      await indexes(sql),
      await views(sql),
      await functions(sql),
      await triggers(sql),
    ]
    return `${parts.flat().join('\n\n')}\n`
  } finally {
    await sql.end()
  }
}

async function enums(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string; labels: string }[]>`
    select t.typname as name, string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) as labels
    from pg_type t join pg_enum e on e.enumtypid = t.oid
    where t.typnamespace = 'public'::regnamespace group by 1 order by 1`
  return rows.map(({ name, labels }) => `create type ${name} as enum (${labels});`)
}

async function tables(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string; key: string | null; options: string | null; lines: string }[]>`
    with line as (
      select attrelid as of, 1 as part, attnum::text as place,
        format('%I %s', attname, format_type(atttypid, atttypmod))
          || case when attnotnull then ' not null' else '' end
          || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as text
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attnum > 0 and not a.attisdropped
      union all
      select conrelid, 2, conname, format('constraint %I %s', conname, pg_get_constraintdef(oid))
      -- PostgreSQL 18 lists "not null" here too, which is said above.
      from pg_constraint where contype <> 'n'
    )
    select c.relname as name, pg_get_partkeydef(c.oid) as key, array_to_string(c.reloptions, ', ') as options,
      string_agg('  ' || line.text, E',\n' order by line.part, lpad(line.place, 63, '0')) as lines
    from pg_class c join line on line.of = c.oid
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
    group by c.oid, 1, 2, 3 order by 1`
  return rows.map(
    ({ name, key, options, lines }) =>
      `create table ${name} (\n${lines}\n)${key === null ? '' : ` partition by ${key}`}${options === null ? '' : ` with (${options})`};`,
  )
}

async function indexes(sql: Sql): Promise<string[]> {
  const rows = await sql<{ definition: string }[]>`
    select pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace
      and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))
    order by c.relname`
  return rows.map(({ definition }) => `${definition};`)
}

async function views(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string; definition: string }[]>`
    select relname as name, pg_get_viewdef(oid) as definition from pg_class
    where relkind = 'v' and relnamespace = 'public'::regnamespace order by 1`
  return rows.map(({ name, definition }) => `create view ${name} as\n${definition}`)
}

async function functions(sql: Sql): Promise<string[]> {
  const rows = await sql<{ definition: string }[]>`
    select trim(pg_get_functiondef(oid)) as definition from pg_proc
    where pronamespace = 'public'::regnamespace order by proname`
  return rows.map(({ definition }) => `${definition};`)
}

async function triggers(sql: Sql): Promise<string[]> {
  const rows = await sql<{ definition: string }[]>`
    select pg_get_triggerdef(t.oid) as definition from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace order by t.tgname`
  return rows.map(({ definition }) => `${definition};`)
}
