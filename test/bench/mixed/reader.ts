import { pages, textOf } from '../cold/documents.ts'
import { HttpClient } from '../support/http-client.ts'

export interface StoryPage {
  commentCount: number
  /** Of the comments on the page, newest first. */
  commentIds: string[]
  bytes: number
}

const DOCUMENT = textOf(pages.find(({ name }) => name === 'article page')?.documents.gateway as string, false)
/** Of the aliases in the document. */
const SUFFIX = '_n1000000'

/** The operation that reads a story's page. */
export function storyOperation(slug: string): { query: string; variables: { slug: string } } {
  return { query: DOCUMENT, variables: { slug } }
}

/** Reads stories from one gateway and counts its reads. */
export class Reader {
  readonly client: HttpClient
  readonly #slugs: readonly string[]
  reads = 0

  constructor(port: number, slugs: readonly string[]) {
    this.client = new HttpClient(port, CONNECTIONS)
    this.#slugs = slugs
  }

  /** The operation that reads a story's page. */
  operation(story: number): object {
    return storyOperation(this.#slugs[story] as string)
  }

  async read(story: number): Promise<StoryPage> {
    const text = await this.client.post(this.operation(story))
    this.reads++
    const article = JSON.parse(text).data[`article${SUFFIX}`]
    const { edges } = article[`comments${SUFFIX}`] as { edges: { node: { id: string } }[] }
    return {
      commentCount: article.commentCount,
      commentIds: edges.map(({ node }) => node.id),
      bytes: Buffer.byteLength(text),
    }
  }
}

const CONNECTIONS = 16
