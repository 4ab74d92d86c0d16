import type { SearchPageQuery } from '../../../schema/documents.ts'
import { renderDocument } from './document.tsx'
import { ListHead } from './head.tsx'
import { type ListAddress, pathOfList, type Site } from './site.ts'
import { TeaserList } from './teaser.tsx'
import type { Words } from './words.ts'

type Results = SearchPageQuery['search']

export interface SearchProps {
  /** Null if the query has no letter and no digit. */
  results: Results | null
  query: string
  list: ListAddress
  site: Site
  words: Words
}

/** The page of a search: people and organisations by name, and articles. */
export function renderSearch({ results, query, list, site, words }: SearchProps): string {
  const { text } = words
  const title = text('search')
  return renderDocument({
    site,
    words,
    list,
    query,
    head: <ListHead site={site} words={words} list={list} title={title} description={title} />,
    children: (
      <>
        <header class="list-head">
          <h1>
            {title}
            {results && (
              <>
                {' '}
                <q>
                  <bdi>{query}</bdi>
                </q>
              </>
            )}
          </h1>
          <p>
            {results ? text('search.found', { count: results.articles.totalCount }) : text('search.enter')}
          </p>
        </header>
        {results && <Found results={results} list={list} site={site} words={words} />}
      </>
    ),
  })
}

function Found({
  results,
  list,
  site,
  words,
}: Omit<SearchProps, 'query' | 'results'> & { results: Results }) {
  const { people, organisations, articles } = results
  const isFirst = list.after === null
  return (
    <>
      {isFirst && (people.length > 0 || organisations.length > 0) && (
        <div class="found-names">
          <Entities kind="person" entities={people} list={list} site={site} words={words} />
          <Entities kind="organisation" entities={organisations} list={list} site={site} words={words} />
        </div>
      )}
      {articles.edges.length > 0 && (
        <section aria-labelledby="stories">
          <h2 id="stories">{words.text('search.stories')}</h2>
          <TeaserList page={articles} list={list} site={site} words={words} level={3} />
        </section>
      )}
    </>
  )
}

interface EntitiesProps {
  kind: 'person' | 'organisation'
  entities: Results['people']
  list: ListAddress
  site: Site
  words: Words
}

function Entities({ kind, entities, list: { language }, site, words }: EntitiesProps) {
  if (entities.length === 0) return null
  return (
    <section>
      <h2>{words.text(kind === 'person' ? 'search.people' : 'search.organisations')}</h2>
      <ul class="names">
        {entities.map(({ slug, name, description }) => (
          <li key={slug}>
            <a href={`${site.base}${pathOfList({ place: { kind, slug }, language, after: null })}`}>
              <bdi>{name}</bdi>
            </a>
            {description && (
              <span class="role">
                <bdi>{description}</bdi>
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
