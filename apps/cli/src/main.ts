#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Half of a start is reading our own words: the second start finds them read. Beside the program, where nobody writes but
// its owner: what is there is run.
enableCompileCache(join(import.meta.dirname, '.compile-cache'))

await import('./run.ts')
