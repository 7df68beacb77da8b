import { writeFile } from 'node:fs/promises'
import { makeOpenApiFile, openApiPath } from './openapi-file.ts'

// Writes packages/api/openapi.json anew, after a change of procedures or of what they take and give: "npm run generate".
await writeFile(openApiPath, await makeOpenApiFile())
