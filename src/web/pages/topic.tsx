import type { TopicPageQuery } from '../../../schema/documents.ts'
import { renderDocument } from './document.tsx'
import { ListHead } from './head.tsx'
import { type ListAddress, pathOfList, type Site } from './site.ts'
import { TeaserList } from './teaser.tsx'
import type { Words } from './words.ts'

interface TopicProps {
  topic: NonNullable<TopicPageQuery['topic']>
  articles: TopicPageQuery['articles']
  list: ListAddress
  site: Site
  words: Words
}

/** The page of a topic: its newest articles, and those of its subtopics. */
export function renderTopic({ topic, articles, list, site, words }: TopicProps): string {
  const { text } = words
  const parent = topic.parent
  return renderDocument({
    site,
    words,
    list,
    head: (
      <ListHead
        site={site}
        words={words}
        list={list}
        title={topic.name}
        description={text('topic.description', { topic: topic.name, outlet: site.outlet })}
      />
    ),
    children: (
      <>
        <header class="list-head">
          {parent && (
            <p class="kicker">
              <a
                href={`${site.base}${pathOfList({ place: { kind: 'topic', slug: parent.slug }, language: list.language, after: null })}`}
              >
                <bdi>{parent.name}</bdi>
              </a>
            </p>
          )}
          <h1>
            <bdi>{topic.name}</bdi>
          </h1>
        </header>
        <TeaserList page={articles} list={list} site={site} words={words} level={2} />
      </>
    ),
  })
}
