import { readFile } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { type BuildOptions, build, type Plugin, transform } from 'esbuild'
import { documentsById } from './documents.ts'
import { readMessages } from './text-messages.ts'

const web = new URL('..', import.meta.url).pathname

/** The files for browsers, by the name under which pages refer to them. */
const BROWSER_ENTRIES = {
  widget: 'widget/main.ts',
  desk: 'desk/main.tsx',
  page: 'pages/browser/main.ts',
  pages: 'styles/pages.css',
} as const

export type BrowserEntry = keyof typeof BROWSER_ENTRIES

/** The address of each file for browsers, relative to the origin: `/assets/desk-5AQ2….js`. */
export type Addresses = Readonly<Record<string, string>>

/** Bundles the code for browsers into a folder, whose files have the names of their addresses. */
export async function bundleForBrowsers(folder: string): Promise<Addresses> {
  const { desk, ...others } = BROWSER_ENTRIES
  // The desk is written in React, everything else in Preact.
  const parts = await Promise.all([
    bundleEntries(folder, { desk }, 'react'),
    bundleEntries(folder, others, 'preact'),
  ])
  return Object.assign({}, ...parts)
}

async function bundleEntries(
  folder: string,
  entries: Readonly<Partial<Record<BrowserEntry, string>>>,
  jsxImportSource: 'react' | 'preact',
): Promise<Addresses> {
  const { metafile } = await build({
    ...SHARED,
    jsxImportSource,
    entryPoints: Object.entries(entries).map(([out, path]) => ({ in: `${web}${path}`, out })),
    outdir: `${folder}/assets`,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    platform: 'browser',
    target: ['es2022', 'chrome111', 'firefox113', 'safari16.4'],
    splitting: true,
    minify: true,
    metafile: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [texts, documents, widgetStyles],
  })
  const addresses: Record<string, string> = {}
  const addressOf = (output: string) => `/${relative(folder, join(web, output))}`
  for (const [output, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
    const [name] = Object.entries(entries).find(([, path]) => path === entryPoint) ?? []
    if (!name) continue
    addresses[`${name}${extname(output)}`] = addressOf(output)
    if (cssBundle) addresses[`${name}.css`] = addressOf(cssBundle)
  }
  return addresses
}

/** Bundles the reader's pages, which are written in JSX, into one module for Node. */
export async function bundlePages(file: string): Promise<void> {
  await build({
    ...SHARED,
    entryPoints: [`${web}pages/pages.tsx`],
    outfile: file,
    platform: 'node',
    target: 'node22',
    sourcemap: 'inline',
    plugins: [texts],
  })
}

const SHARED = {
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  absWorkingDir: web,
  charset: 'utf8',
  logLevel: 'silent',
  legalComments: 'none',
  tsconfigRaw: {},
} as const satisfies BuildOptions

/** Compiles the texts, so that browsers need no parser for them. */
const texts: Plugin = {
  name: 'texts',
  setup({ onLoad }) {
    onLoad({ filter: /\/texts\/.*\.json$/ }, ({ path }) => ({
      contents: JSON.stringify(readMessages(path)),
      loader: 'json',
    }))
  },
}

const documents: Plugin = {
  name: 'documents',
  setup({ onLoad }) {
    onLoad({ filter: /\/schema\/documents\.ts$/ }, () => ({ contents: documentsById(), loader: 'js' }))
  },
}

/** The styles of the widget are in its code: it adds them to its shadow root. */
const widgetStyles: Plugin = {
  name: 'widget-styles',
  setup({ onLoad }) {
    onLoad({ filter: /\/widget\/.*\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true })
      return { contents: code, loader: 'text' }
    })
  },
}
