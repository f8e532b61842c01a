/** Builds the pages into the folder given: files, compressed ahead of time, and their list. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join, relative, resolve, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { routes } from '@busbar/protocols/api'
import { build, type Plugin } from 'vite'
import { pagePaths } from '../src/route/pages.ts'

const dashboard = resolve(import.meta.dirname, '..')

/** Smaller than this, a compressed copy saves no packet. */
const compressFromBytes = 600

/** What a server has to know of one file. */
type PageFile = {
  /** Where it is asked for. */
  readonly path: string
  readonly file: string
  readonly type: string
  /** Its name has its hash in it: it never changes. */
  readonly immutable: boolean
  readonly encodings: readonly ('br' | 'gzip')[]
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Our own rooms do nothing by being imported: what a page uses nothing of is not sent with it. */
const hasEffects = (id: string): boolean => !/\/(?:core|protocols|client)\/src\//.test(id)

/**
 * In the place of the interface's table of routes: pages know where routes are, and their schemas
 * are for who checks by them, which is the server.
 */
const routePaths: Plugin = {
  name: 'route-paths',
  load: (id) => {
    if (!id.endsWith('/protocols/src/api/routes.ts')) return null
    const paths = Object.entries(routes).map(([name, { path }]) => [name, { path }])
    return `export const routes = ${JSON.stringify(Object.fromEntries(paths))}`
  },
}

async function buildInto(target: string): Promise<void> {
  await build({
    configFile: false,
    root: dashboard,
    logLevel: 'warn',
    plugins: [routePaths],
    resolve: {
      // The policy of the pages forbids WebAssembly; the plain hash then takes the compiled one's
      // place, and its code need not be sent.
      alias: { 'hash-wasm': join(dashboard, 'src', 'route', 'no-webassembly.ts') },
    },
    worker: { format: 'es' },
    build: {
      outDir: target,
      emptyOutDir: true,
      manifest: 'parts.json',
      target: 'es2023',
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      // Everything is a file: the policy allows no data URLs.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        treeshake: { moduleSideEffects: hasEffects },
        output: {
          // What a market is called is needed at first, what signs for it is not: else both would
          // be one file, with the curves behind it. So with the hash of API keys.
          codeSplitting: {
            includeDependenciesRecursively: false,
            groups: [
              { name: 'domain', test: /protocols\/src\/eip712\/domain/ },
              { name: 'sha2', test: /@noble\/hashes\/(?:sha2|_md|_u64|utils)\.js/ },
            ],
          },
        },
      },
    },
  })
  const files: PageFile[] = []
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'parts.json') continue
    const path = join(entry.parentPath, entry.name)
    const file = relative(target, path).split(sep).join('/')
    const type = types[extname(file)]
    if (type === undefined) throw new Error(`${file}: no media type is known for it`)
    const encodings = type === types['.woff2'] ? [] : await compress(path)
    files.push({ path: `/${file}`, file, type, immutable: file.startsWith('assets/'), encodings })
  }
  const list = { shell: 'index.html', pages: pagePaths, files }
  // Last: where it lies, the build is complete.
  await writeFile(join(target, 'pages.json'), `${JSON.stringify(list, null, 2)}\n`)
}

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

async function compress(path: string): Promise<PageFile['encodings']> {
  const bytes = await readFile(path)
  if (bytes.length < compressFromBytes) return []
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  await writeFile(`${path}.br`, await brotli(bytes, { params }))
  await writeFile(`${path}.gz`, await gzipped(bytes, { level: 9 }))
  return ['br', 'gzip']
}

const [target] = process.argv.slice(2)
if (target === undefined) throw new Error('usage: build-program.ts FOLDER')
await buildInto(resolve(target))
