import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'
import { firstLoad } from './first-load.ts'

/** Where `npm run dev` finds a control plane: `toygres up`. */
const controlPlane = 'http://127.0.0.1:7420'

export default defineConfig({
  base: '/console/',
  plugins: [react(), firstLoad()],
  // The SDK's and the schema's sources: no build of theirs stands between an edit and the page.
  resolve: { conditions: ['toygres-source', ...defaultClientConditions] },
  build: {
    target: 'es2023',
    // The content security policy lets in nothing but files of our own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/trpc': controlPlane, '/session': controlPlane } },
})
