import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import {
  css,
  editorWorkerService,
  favicon,
  graphqlWorker,
  js,
  jsonWorker,
} from '@graphql-yoga/render-graphiql/graphiql'

/** A static file in several content encodings, named after the hash of its content. */
export interface Asset {
  name: string
  type: string
  /** By Content-Encoding; the best first. */
  encodings: ReadonlyMap<'br' | 'gzip' | 'identity', Buffer>
}

/** GraphiQL with its styles and workers, compressed once. It calls `startGraphiQL` of the page. */
export async function graphiqlAsset(): Promise<Asset> {
  const text = `(() => {
const element = (name, facts) => document.head.append(Object.assign(document.createElement(name), facts))
element('style', { textContent: ${JSON.stringify(css)} })
element('link', { rel: 'icon', href: ${JSON.stringify(favicon)} })
const workers = ${JSON.stringify({ editorWorkerService, json: jsonWorker, graphql: graphqlWorker })}
const urls = {}
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) =>
    (urls[label] ??= URL.createObjectURL(new Blob([workers[label]], { type: 'application/javascript' }))),
}
})();
${js};
startGraphiQL(YogaGraphiQL);
`
  const plain = Buffer.from(text)
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 16)
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
    promisify(gzip)(plain),
  ])
  return {
    name: `${hash}.js`,
    type: 'text/javascript; charset=utf-8',
    encodings: new Map([
      ['br', br],
      ['gzip', gz],
      ['identity', plain],
    ]),
  }
}

/** The highest quality takes many seconds for 9 MB, and saves little more. */
const BROTLI_QUALITY = 5
