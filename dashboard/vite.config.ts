import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import type { Plugin } from 'vite'

const OUT = '../src/burgee/serve/static/dashboard'
const API = process.env['BURGEE_URL'] ?? 'http://localhost:8000'
const SERVED_BY_BURGEE = '^/(api|admin|static|sse|ofrep|o|version|config|health|_burgee)(/|$)'
const COMPRESSED = /\.(js|css|svg|json|txt|webmanifest)$/

/** The server sends these twins as they are, so nothing is compressed while somebody waits. */
function precompressed(): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    closeBundle() {
      for (const file of readdirSync(OUT, { recursive: true, encoding: 'utf8' })) {
        if (!COMPRESSED.test(file)) continue
        const bytes = readFileSync(join(OUT, file))
        if (bytes.length < 1000) continue
        writeFileSync(join(OUT, `${file}.gz`), gzipSync(bytes, { level: 9 }))
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: 10,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        }
        writeFileSync(join(OUT, `${file}.br`), brotliCompressSync(bytes, { params }))
      }
    },
  }
}

/** What the server writes into index.html; while developing there is nobody who does. */
function servedFacts(): Plugin {
  return {
    name: 'served-facts',
    apply: 'serve',
    transformIndexHtml: (page) =>
      page.replace('__BASE__', '/').replace('__FACTS__', '{}').replace('__NONCE__', ''),
  }
}

export default defineConfig({
  base: './',
  plugins: [
    tanstackRouter({ target: 'react', autoCodeSplitting: true }),
    react(),
    servedFacts(),
    precompressed(),
  ],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
    manifest: true,
    assetsInlineLimit: 0,
  },
  server: { proxy: { [SERVED_BY_BURGEE]: { target: API } } },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    testTimeout: 20_000,
  },
})
