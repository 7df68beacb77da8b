import { oneLine, paint, type Style } from './text.ts'

export interface Column<Row> {
  title: string
  cell(row: Row): string | number | null
  style?(row: Row): Style | undefined
  /** Shown only where it is asked for. */
  extra?: true
}

/** Rows under a heading, aligned; `-` where there is nothing. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { headers = true }: { headers?: boolean } = {},
): string {
  const widths = columns.map(({ title, cell }) =>
    Math.max(headers ? title.length : 0, ...rows.map((row) => show(cell(row)).length)),
  )
  const line = (cells: readonly string[]) => cells.join('   ').trimEnd()
  const heading = columns.map(({ title }, i) => title.padEnd(widths[i] ?? 0))
  const body = rows.map((row) =>
    line(
      columns.map(({ cell, style }, i) =>
        painted(show(cell(row)).padEnd(i === columns.length - 1 ? 0 : (widths[i] ?? 0)), style?.(row)),
      ),
    ),
  )
  return [...(headers ? [paint('dim', line(heading), process.stdout)] : []), ...body].join('\n')
}

export type Field = readonly [name: string, value: string | number | null, style?: Style | undefined]

/** One thing, a field a line. */
export function fields(entries: readonly Field[]): string {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries
    .map(
      ([name, value, style]) =>
        `${paint('dim', name.padEnd(width), process.stdout)}   ${painted(show(value), style)}`,
    )
    .join('\n')
}

/** A field that is worth its line only where it says something. */
export const optional = (name: string, value: string | null): Field[] =>
  value === null || value === '' ? [] : [[name, value]]

const show = (value: string | number | null): string =>
  value === null || value === '' ? '-' : oneLine(String(value))

const painted = (text: string, style: Style | undefined): string =>
  style === undefined ? text : paint(style, text, process.stdout)
