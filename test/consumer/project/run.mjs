// Prints one line of JSON.
import { createToygres } from '@toygres/sdk'
import { story } from './story.mjs'

const [, , url, apiKey, operationId] = process.argv
console.log(JSON.stringify(await story(createToygres, { url, apiKey, operationId })))
