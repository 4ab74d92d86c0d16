import type { NewsroomPageQuery } from '../../../schema/documents.ts'
import { renderDocument } from './document.tsx'
import { ListHead } from './head.tsx'
import { Notice } from './notice.tsx'
import { type ListAddress, pathOfList, type Site } from './site.ts'
import { TeaserList } from './teaser.tsx'
import type { Words } from './words.ts'

export interface FrontProps {
  data: NewsroomPageQuery
  list: ListAddress
  site: Site
  words: Words
}

/** The front page: the newest articles. */
export function renderFront({ data, list, site, words }: FrontProps): string {
  const { articles, topics } = data
  const { text } = words
  const isFirst = list.after === null
  const description = text('site.description', { outlet: site.outlet })
  const oldest = articles.edges.at(-1)?.node.publishedAt ?? null
  return renderDocument({
    site,
    words,
    list,
    head: <ListHead site={site} words={words} list={list} title={site.outlet} description={description} />,
    after: isFirst && <Notice site={site} words={words} watched={{ language: list.language, oldest }} />,
    children: (
      <>
        <h1 class="hidden">{text('stories.latest')}</h1>
        {isFirst && <TopicLinks topics={topics} list={list} site={site} words={words} />}
        <TeaserList page={articles} list={list} site={site} words={words} level={2} hasLead={isFirst} />
      </>
    ),
  })
}

function TopicLinks({
  topics,
  list,
  site,
  words,
}: Omit<FrontProps, 'data'> & { topics: NewsroomPageQuery['topics'] }) {
  const top = topics.edges.map(({ node }) => node).filter(({ parent }) => parent === null)
  if (top.length === 0) return null
  return (
    <nav class="topic-bar" aria-label={words.text('topics')}>
      <ul>
        {top.map(({ slug, name }) => (
          <li key={slug}>
            <a
              href={`${site.base}${pathOfList({ place: { kind: 'topic', slug }, language: list.language, after: null })}`}
            >
              <bdi>{name}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
