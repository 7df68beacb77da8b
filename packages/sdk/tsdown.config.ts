import { defineConfig } from 'tsdown'
import { publishable } from './publishable.ts'

// Who installs the package installs nothing else: `onlyImport` fails the build when it would.
export default defineConfig({
  entry: 'src/index.ts',
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: { sourcemap: false },
  sourcemap: false,
  failOnWarn: true,
  deps: { onlyBundle: [], onlyImport: [] },
  hooks: { 'build:done': () => publishable(import.meta.dirname) },
})
