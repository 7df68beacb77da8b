import { styleText } from 'node:util'

export type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold'

/** Coloured where the stream is a terminal, and NO_COLOR is not set. */
export const paint = (style: Style, text: string, stream: NodeJS.WritableStream): string =>
  styleText(style, text, { stream })

/** What comes from elsewhere can hold line ends and terminal commands: none of them reaches the terminal. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
