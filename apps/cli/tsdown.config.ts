import { defineConfig } from 'tsdown'

// One file with everything in it: Node opens nothing else before the first word is printed. What is imported
// lazily is still evaluated lazily.
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
  outputOptions: { codeSplitting: false },
})
