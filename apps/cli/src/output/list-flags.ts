import { Option, type Command } from 'commander'
import { columnsNamed, keyOf, usualColumns, type Kind } from './kind.ts'
import type { Column } from './table.ts'

/** How a table is shown. */
export interface ColumnFlags<Row> {
  columns?: readonly Column<Row>[]
  headers: boolean
}

export interface ListFlags<Row> extends ColumnFlags<Row> {
  watch?: boolean
}

export const listFlags = <Row>(command: Command, kind: Kind<Row>): Command =>
  columnFlags(command, kind).addOption(watchFlag())

export const columnFlags = <Row>(command: Command, kind: Kind<Row>): Command =>
  command
    .addOption(
      new Option(
        '--columns <names>',
        `of the table, in this order: ${kind.columns.map(keyOf).join(',')}`,
      ).argParser((text: string) => columnsNamed(kind, text)),
    )
    .option('--no-headers', 'no heading above the table')

export const watchFlag = (): Option =>
  new Option('-w, --watch', 'show it again whenever it changes, until Ctrl-C')

export const columnsOf = <Row>(kind: Kind<Row>, { columns }: ColumnFlags<Row>): readonly Column<Row>[] =>
  columns ?? usualColumns(kind)
