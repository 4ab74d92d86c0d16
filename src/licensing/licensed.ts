import type { Condition, LanguageTest, StateTest, TopicTest } from '../articles/condition.ts'
import { publicArticles } from '../articles/public.ts'
import { covers, isInForce, retentionMs, type Terms } from './terms.ts'

/**
 * The articles that a licence covers at a moment. Nothing else in the code may repeat this rule. Which parts of an
 * article a partner gets is decided in syndication/project.ts.
 */
export function licensedArticles(terms: Terms, at: Date): Condition {
  if (!isInForce(terms, at)) return { any: [] }
  return { all: [publicArticles(at), withinRetention(terms, at), coveredArticles(terms)] }
}

/** The articles that a licence's lists cover, in any state. */
export function coveredArticles(
  terms: Pick<Terms, 'topics' | 'sections' | 'languages'>,
): Condition<TopicTest | LanguageTest> {
  return { all: [inCoveredTopics(terms), { column: 'language', op: 'inRanges', ranges: terms.languages }] }
}

/** The articles whose retention has not ended. */
export function withinRetention(terms: Pick<Terms, 'retentionDays'>, at: Date): Condition<StateTest> {
  const ms = retentionMs(terms)
  if (ms === null) return { all: [] }
  return { column: 'publishedAt', op: 'gt', value: new Date(at.getTime() - ms) }
}

type TopicTerms = Pick<Terms, 'topics' | 'sections'>

function inCoveredTopics(terms: TopicTerms): Condition<TopicTest> {
  // A licence that covers articles without a topic covers all topics, also those that were added a moment ago.
  if (coversTopic(terms, [])) return { all: [] }
  return { column: 'topic', op: 'path', matches: (path) => coversTopic(terms, path) }
}

/** @param path the slugs from the section to the topic; empty for no topic */
function coversTopic({ topics, sections }: TopicTerms, path: readonly string[]): boolean {
  return covers(topics, ...path) && covers(sections, ...path.slice(0, 1))
}
