export { openApiDocument, type Comments } from './document.ts'
