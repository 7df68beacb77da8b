import { gzipSync } from 'node:zlib'
import type { Plugin, Rollup } from 'vite'

/** What a browser fetches before the first page is there. */
const mostBytes = 200_000

/** Fails the build when the first page has become too heavy: pages that not everybody opens first are imported when they are. */
export function firstLoad(): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const files = firstFiles(bundle)
        const sizes = files.map((name) => [name, sizeOf(bundle[name])] as const)
        const bytes = sizes.reduce((sum, [, size]) => sum + size, 0)
        const kb = (size: number) => (size / 1000).toFixed(1)
        this.info(`the first load is ${files.length} files, ${kb(bytes)} KB as they are sent`)
        if (bytes <= mostBytes) return
        const heaviest = sizes
          .toSorted(([, a], [, b]) => b - a)
          .slice(0, 8)
          .map(([name, size]) => `${name} ${kb(size)}`)
        this.error(
          `the first load is ${kb(bytes)} KB, more than ${kb(mostBytes)}: import what it does not need when it is wanted. Heaviest: ${heaviest.join(', ')}`,
        )
      },
    },
  }
}

/** The page, its entry with everything that it imports, the styles of those, and the fonts. */
function firstFiles(bundle: Rollup.OutputBundle): string[] {
  const wanted = new Set(Object.keys(bundle).filter((name) => /\.(html|woff2)$/.test(name)))
  const add = (name: string) => {
    const chunk = bundle[name]
    if (wanted.has(name) || chunk?.type !== 'chunk') return
    wanted.add(name)
    for (const style of chunk.viteMetadata?.importedCss ?? []) wanted.add(style)
    for (const imported of chunk.imports) add(imported)
  }
  for (const [name, file] of Object.entries(bundle)) if (file.type === 'chunk' && file.isEntry) add(name)
  return [...wanted]
}

/** Fonts are compressed already, and sent as they are. */
function sizeOf(file: Rollup.OutputAsset | Rollup.OutputChunk | undefined): number {
  const content = file?.type === 'chunk' ? file.code : (file?.source ?? '')
  return file?.fileName.endsWith('.woff2') === true ? content.length : gzipSync(content, { level: 9 }).length
}
