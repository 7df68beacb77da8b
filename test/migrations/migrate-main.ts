import { migrate } from '@toygres/control-plane'

// One of many processes that start at once: `migrate-main.ts DATABASE_URL`.
const [databaseUrl = ''] = process.argv.slice(2)
console.log(await migrate(databaseUrl))
