import { imagePath, type ListAddress, pathOfList, pathOfStory, type Site } from './site.ts'
import type { Teaser as TeaserData } from './story-data.ts'
import { dirOf, Time } from './text.tsx'
import type { Words } from './words.ts'

export interface TeaserProps {
  teaser: TeaserData
  site: Site
  words: Words
  /** The level of the heading. */
  level: 2 | 3
  /** Whether it is the first one of the page. */
  isLead?: boolean
}

/** An article in a list, in its own language and direction. */
export function Teaser({ teaser, site, words, level, isLead = false }: TeaserProps) {
  const { id, slug, language, kicker, headline, standfirst, publishedAt, topic } = teaser
  const { leadImage, commentCount } = teaser
  const Heading = `h${level}` as 'h2'
  return (
    <article class={isLead ? 'teaser lead' : 'teaser'} lang={language} dir={dirOf(teaser)} data-article={id}>
      {leadImage && (
        <img
          src={imagePath(site, leadImage.url)}
          // The headline beside it says what the link leads to.
          alt={leadImage.alt ?? ''}
          loading={isLead ? 'eager' : 'lazy'}
          decoding="async"
        />
      )}
      <div class="words">
        {(kicker ?? topic) && <p class="kicker">{kicker ?? topic?.name}</p>}
        <Heading>
          <a href={`${site.base}${pathOfStory(slug)}`}>{headline}</a>
        </Heading>
        {standfirst && <p class="standfirst">{standfirst}</p>}
        <p class="facts" lang={words.language} dir={words.direction}>
          <Time at={publishedAt}>{words.day(publishedAt)}</Time>
          {commentCount > 0 && <span>{words.text('comments.count', { count: commentCount })}</span>}
        </p>
      </div>
    </article>
  )
}

export interface TeaserPage {
  edges: readonly { node: TeaserData }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

interface TeaserListProps {
  page: TeaserPage
  list: ListAddress
  site: Site
  words: Words
  level: 2 | 3
  hasLead?: boolean
}

/** One page of a list of articles, with links to the other pages. */
export function TeaserList({ page, list, site, words, level, hasLead = false }: TeaserListProps) {
  const { text } = words
  const { hasNextPage, endCursor } = page.pageInfo
  const link = (at: ListAddress) => `${site.base}${pathOfList(at)}`
  if (page.edges.length === 0) {
    return (
      <p class="empty">
        {text(list.language ? 'stories.noneInLanguage' : 'stories.none')}{' '}
        {list.language && (
          <a href={link({ ...list, language: null, after: null })}>{text('stories.showAll')}</a>
        )}
      </p>
    )
  }
  return (
    <>
      <div class="teasers">
        {page.edges.map(({ node }, i) => (
          <Teaser
            key={node.id}
            teaser={node}
            site={site}
            words={words}
            level={level}
            isLead={hasLead && i === 0}
          />
        ))}
      </div>
      {(hasNextPage || list.after !== null) && (
        <nav class="paging" aria-label={text('paging')}>
          {list.after !== null && (
            <a class="more" href={link({ ...list, after: null })}>
              {text('paging.newest')}
            </a>
          )}
          {hasNextPage && (
            <a class="more" href={link({ ...list, after: endCursor })} rel="next">
              {text('paging.older')}
            </a>
          )}
        </nav>
      )}
    </>
  )
}
