/** Also drops the query, where a password can stand too. */
export function withoutPassword(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'postgres://(unreadable)'
  const url = new URL(databaseUrl)
  url.password = ''
  url.search = ''
  return url.href
}
