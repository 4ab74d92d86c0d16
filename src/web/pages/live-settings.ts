/** What the script of the pages gets from the page: it has no texts of its own. */
export interface LiveSettings {
  /** The paths of the gateway's API and of the front page. */
  graphql: string
  home: string
  watched: Watched
  texts: {
    corrected: string
    updated: string
    removed: string
    reload: string
    home: string
    show: string
    dismiss: string
    /** For one new article, two… and the last one for more. */
    newStories: string[]
  }
}

/** What a page watches. */
export type Watched =
  /** One article, from the version that is shown. */
  | { article: string; version: number }
  /** Articles in a language, or in all; `oldest` is the publication of the oldest one that is shown. */
  | { language: string | null; oldest: string | null }
