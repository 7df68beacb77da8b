import { usageError } from '../cli-error.ts'
import type { Column } from './table.ts'

/** A kind of thing that is listed: what its table can show, and what it is called. */
export interface Kind<Row> {
  readonly columns: readonly Column<Row>[]
  /** What `-o name` prints, and what other commands take. */
  nameOf(row: Row): string
}

/** As `--columns` takes it. */
export const keyOf = ({ title }: Pick<Column<never>, 'title'>): string =>
  title.toLowerCase().replaceAll(' ', '-')

export const usualColumns = <Row>({ columns }: Kind<Row>): readonly Column<Row>[] =>
  columns.filter(({ extra = false }) => !extra)

/** @throws {CliError} naming the columns that there are */
export function columnsNamed<Row>(kind: Kind<Row>, text: string): readonly Column<Row>[] {
  return text.split(',').map((word) => {
    const wanted = word.trim().toLowerCase()
    const found = kind.columns.find((column) => keyOf(column) === wanted)
    if (found !== undefined) return found
    throw usageError(
      `there is no column "${word.trim()}"`,
      `the columns are ${kind.columns.map(keyOf).join(', ')}`,
    )
  })
}
