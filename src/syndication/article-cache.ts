import { LruCache } from '../base/lru-cache.ts'
import type { FullArticle, LicensedArticle } from './licensed-article.ts'

/** The sizes of the two parts, in characters of JSON. An object takes a multiple of it. */
const MAX_ARTICLE_SIZE = 8 * 1024 * 1024
const MAX_VERSION_SIZE = 8 * 1024 * 1024

interface CachedArticle {
  stamp: string
  article: FullArticle
}

interface CachedVersion {
  article: FullArticle
  version: LicensedArticle
}

/**
 * Full articles, and the versions of them that differ in the parts that a licence includes. The cache decides
 * nothing: an article is only found with the stamp that a statement of the same request has read, and a version only
 * with the rights that the current licence gives. The objects are frozen, because requests share them.
 */
export class ArticleCache {
  readonly #sizes = new WeakMap<FullArticle, number>()
  readonly #articles = new LruCache<string, CachedArticle>(MAX_ARTICLE_SIZE, (_, { article }) =>
    this.#sizeOf(article),
  )
  readonly #versions = new LruCache<string, CachedVersion>(
    MAX_VERSION_SIZE,
    (key, { article }) => key.length + this.#sizeOf(article),
  )

  /** @param stamp the current one; see `StampedSummary` */
  find(id: string, stamp: string): FullArticle | undefined {
    const found = this.#articles.get(id)
    return found?.stamp === stamp ? found.article : undefined
  }

  /** @param stamp read before the article: a newer article is then not found, and read again */
  keep(stamp: string, article: FullArticle): void {
    freeze(article)
    this.#articles.set(article.id, { stamp, article })
  }

  /**
   * The version of an article for some rights.
   * @param rights everything that `make` depends on besides the article
   */
  version(article: FullArticle, rights: string, make: () => LicensedArticle): LicensedArticle {
    const key = `${article.id} ${rights}`
    const found = this.#versions.get(key)
    if (found?.article === article) return found.version
    const version = make()
    freeze(version)
    this.#versions.set(key, { article, version })
    return version
  }

  #sizeOf(article: FullArticle): number {
    const known = this.#sizes.get(article)
    if (known !== undefined) return known
    const size = JSON.stringify(article).length
    this.#sizes.set(article, size)
    return size
  }
}

/** Freezes an object and everything in it. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const each of Object.values(value)) freeze(each)
}
