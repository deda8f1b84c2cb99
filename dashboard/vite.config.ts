import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { build, type Plugin } from 'vite'

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

const MANTINE = new URL('node_modules/@mantine/core/', import.meta.url).pathname
const NAMED = /import \{([^}]*)\} from ['"]@mantine\/core['"]/g
const NESTED = /from "\.\.\/(?:\.\.\/)*([A-Z]\w+)\//g

function scripts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|mjs)$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
}

/** The components of Mantine that are used here, and those that they are made of. */
function usedComponents(): Set<string> {
  const others = ['dates', 'notifications', 'spotlight'].map((name) => join(MANTINE, '..', name, 'esm'))
  const known = readdirSync(join(MANTINE, 'esm/components'))
  const texts = ['src', ...others].flatMap(scripts)
  const names = texts.flatMap((text) => [...text.matchAll(NAMED)].flatMap(([, list = '']) => list.split(',')))
  const waiting = names.map((name) => name.trim())
  const used = new Set<string>()
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const folder = known.find((each) => each === name) ?? known.find((each) => name.startsWith(each))
    if (folder === undefined || used.has(folder)) continue
    used.add(folder)
    for (const text of scripts(join(MANTINE, 'esm/components', folder)))
      for (const [, nested = ''] of text.matchAll(NESTED)) waiting.push(nested)
  }
  return used
}

/** Leaves out the styles of components that nobody uses: half of what the first page would load. */
function usedStyles(): Plugin {
  return {
    name: 'used-styles',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (id !== join(MANTINE, 'styles.css')) return null
      const used = usedComponents()
      const components = new Set(readdirSync(join(MANTINE, 'esm/components')))
      return readdirSync(join(MANTINE, 'styles'))
        .filter((file) => /^[A-Z]\w*\.css$/.test(file) && components.has(file.slice(0, -4)))
        .filter((file) => !used.has(file.slice(0, -4)))
        .reduce(
          (styles, file) => styles.replace(readFileSync(join(MANTINE, 'styles', file), 'utf8').trim(), ''),
          readFileSync(id, 'utf8'),
        )
    },
  }
}

const FONTS = /(inter|jetbrains-mono)-latin-wght-normal[^/]*\.woff2$/

/** What must not wait for the program: the questions of `src/lib/early.ts` go out, and the fonts of every page come. */
function early(): Plugin {
  return {
    name: 'early',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: async (page, { bundle = {} }) => {
        const fonts = Object.keys(bundle)
          .filter((file) => FONTS.test(file))
          .map((file) => `<link rel="preload" as="font" crossorigin href="./${file}" />`)
        const lines = [`<script>${await alone('src/lib/early.ts')}</script>`, ...fonts]
        return page.replace('<link rel="icon"', () => `${lines.join('\n    ')}\n    <link rel="icon"`)
      },
    },
  }
}

/** A script that needs no other. */
async function alone(input: string): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, target: 'es2022', rolldownOptions: { input, output: { format: 'iife' } } },
  })
  const output = [made].flat().flatMap((each) => ('output' in each ? each.output : []))
  return output.map((each) => (each.type === 'chunk' ? each.code.trim() : '')).join('')
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

// What most pages share comes in few files: sixty small ones are asked for one after the other.
const COMMON = [
  { name: 'vendor', test: /node_modules/, minShareCount: 20 },
  { name: 'common', test: /src\/(ui|widgets|lib|data)\//, minShareCount: 10 },
]

export default defineConfig({
  base: './',
  plugins: [
    tanstackRouter({ target: 'react', autoCodeSplitting: true }),
    react(),
    servedFacts(),
    usedStyles(),
    early(),
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
    rolldownOptions: { output: { codeSplitting: { groups: COMMON } } },
  },
  server: { proxy: { [SERVED_BY_BURGEE]: { target: API } } },
  test: {
    restoreMocks: true,
    testTimeout: 20_000,
    // One process that loads the libraries once, not each file anew: half of the time would go there.
    isolate: false,
    maxWorkers: 1,
    projects: [
      // Logic needs no page, and making one for each file would take longer than its tests.
      { extends: true, test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'pages',
          environment: 'jsdom',
          setupFiles: ['src/testing/setup.ts'],
          include: ['src/**/*.test.tsx'],
        },
      },
    ],
  },
})
