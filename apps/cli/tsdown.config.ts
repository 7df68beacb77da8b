import { defineConfig } from 'tsdown'

// The definitions of the commands are one file, so that Node opens little before the first word is printed; what only some
// commands need, the SDK above all, is in files of its own, which are opened when it is imported.
export default defineConfig({
  entry: 'src/main.ts',
  format: 'esm',
  platform: 'node',
  target: 'node24',
  fixedExtension: false,
  dts: false,
  sourcemap: false,
  failOnWarn: true,
  deps: { onlyBundle: ['commander', 'yaml'] },
})
