import { defineConfig } from 'tsdown'
import { publishable } from './publishable.ts'

// Everything is inlined, types included: who installs the package installs nothing else, and `@trpc/client` cannot
// meet another `@trpc/server` than its own. `onlyImport` fails the build when a server's type finds its way in.
export default defineConfig({
  entry: 'src/index.ts',
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: { sourcemap: false },
  sourcemap: false,
  failOnWarn: true,
  deps: {
    alwaysBundle: [
      /^@trpc\//,
      /^@toygres\//,
      'superjson',
      'copy-anything',
      'is-what',
      'eventsource',
      'eventsource-parser',
    ],
    onlyBundle: [
      '@trpc/client',
      '@trpc/server',
      'superjson',
      'copy-anything',
      'eventsource',
      'eventsource-parser',
    ],
    onlyImport: [],
  },
  hooks: { 'build:done': () => publishable(import.meta.dirname) },
})
