import type { Article } from '../db/client/client.ts'
import { type Condition, firstMoment, matches, type StateTest } from './condition.ts'

/** The columns that decide whether an article is public. */
export const visibilityColumns = {
  status: true,
  publishedAt: true,
  embargoedUntil: true,
} as const satisfies Record<StateTest['column'], true>

/** The state of an article that decides whether it is public. */
export type PublicState = Pick<Article, keyof typeof visibilityColumns>

/** The articles that editors have not withdrawn. They are public, or become public by the clock. */
export const notWithdrawn: Condition<StateTest> = { column: 'status', op: 'equals', value: 'USABLE' }

/** The articles that everybody may see at a moment. Nothing else in the code may repeat this rule. */
export function publicArticles(at: Date): Condition<StateTest> {
  return {
    all: [
      notWithdrawn,
      { column: 'publishedAt', op: 'lte', value: at },
      {
        any: [
          { column: 'embargoedUntil', op: 'isNull' },
          { column: 'embargoedUntil', op: 'lte', value: at },
        ],
      },
    ],
  }
}

/** When an article becomes public by the clock; null if it is public now, or is withdrawn. */
export function dueAt(article: PublicState, now: Date): Date | null {
  return firstMoment(publicArticles, article, now)
}

/** Why an article that is not public is not. */
export function hiddenBy(article: PublicState): 'WITHHELD' | 'CANCELED' | 'EMBARGOED' {
  return matches(notWithdrawn, article) ? 'EMBARGOED' : (article.status as 'WITHHELD' | 'CANCELED')
}
