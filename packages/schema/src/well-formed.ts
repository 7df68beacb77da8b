/** Half of a surrogate pair, which JSON can carry and PostgreSQL cannot keep, is no text. */
export const isWellFormed = (text: string): boolean => !/\p{Cs}/u.test(text)
