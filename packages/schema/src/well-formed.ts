import { z } from 'zod'

/** Half of a surrogate pair, which JSON can carry and PostgreSQL cannot keep, is no text. */
export const isWellFormed = (text: string): boolean => !/\p{Cs}/u.test(text)

/** Nor can it keep a NUL, or be asked about one. */
export const isKeepable = (text: string): boolean => isWellFormed(text) && !text.includes('\0')

/** What somebody is free to write, to be looked for. */
export const FreeText = z
  .string()
  .refine(isKeepable, 'a text is well-formed Unicode without the character NUL')
