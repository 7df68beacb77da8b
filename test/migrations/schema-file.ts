export const schemaFile = new URL('../../sql/schema.sql', import.meta.url)
