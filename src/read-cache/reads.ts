/** Something that a response depends on: the row id of an article, the comments of one, or one of the groups below. */
export type Dependency = string

/** The membership, order and content of any list of articles, and whether an article exists. */
export const ARTICLES: Dependency = 'articles'
/** Each change of an article: of its content, its visibility or its rights. */
export const ARTICLE_CHANGES: Dependency = 'article changes'
/** The approved comments of any article. */
export const COMMENTS: Dependency = 'comments'
/** Lists of topics, guidelines, people and organisations, and their details. */
export const REFERENCE_DETAILS: Dependency = 'reference details'
/** The names and slugs of topics, people and organisations that already exist. */
export const REFERENCE_NAMES: Dependency = 'reference names'

export const EVERYTHING: readonly Dependency[] = [
  ARTICLES,
  ARTICLE_CHANGES,
  COMMENTS,
  REFERENCE_DETAILS,
  REFERENCE_NAMES,
]

/** The approved comments of one article, with their number. */
export function commentsOf(articleId: string): Dependency {
  return `comments:${articleId}`
}

/** What is read while one query is executed. */
export class Reads {
  readonly dependencies = new Set<Dependency>()
  #isPrivate = false
  #until: Date | null = null

  /** Whether the response depends on who asks, or must not be kept for another reason. */
  get isPrivate(): boolean {
    return this.#isPrivate
  }

  /** When the response changes by the clock alone; null for never. */
  get until(): Date | null {
    return this.#until
  }

  add(dependency: Dependency): void {
    this.dependencies.add(dependency)
  }

  addEverything(): void {
    for (const dependency of EVERYTHING) this.dependencies.add(dependency)
  }

  changesAt(moment: Date): void {
    if (this.#until === null || moment < this.#until) this.#until = moment
  }

  markPrivate(): void {
    this.#isPrivate = true
  }
}
