import {
  css,
  editorWorkerService,
  favicon,
  graphqlWorker,
  js,
  jsonWorker,
} from '@graphql-yoga/render-graphiql/graphiql'
import { type Asset, compressAsset } from './asset.ts'

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
  return compressAsset(Buffer.from(text), 'text/javascript; charset=utf-8', BROTLI_QUALITY)
}

/** The highest quality takes many seconds for 9 MB, and saves little more. */
const BROTLI_QUALITY = 5
