import { renderToString } from 'preact-render-to-string'

/** The reader's pages: each function renders one to HTML. */
export interface Pages {
  notFound(): string
}

export const pages: Pages = {
  notFound: () => `<!doctype html>${renderToString(<p>This page does not exist.</p>)}`,
}
