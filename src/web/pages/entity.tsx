import type { OrganisationPageQuery, PersonPageQuery } from '../../../schema/documents.ts'
import { renderDocument } from './document.tsx'
import { ListHead } from './head.tsx'
import { type ListAddress, pathOfEntity, pathOfStory, type Site } from './site.ts'
import { TeaserList, type TeaserPage } from './teaser.tsx'
import { dirOf, Lines, Time } from './text.tsx'
import type { Words } from './words.ts'

type Person = NonNullable<PersonPageQuery['person']>
type Organisation = NonNullable<OrganisationPageQuery['organisation']>

export interface EntityProps {
  entity: Person | Organisation
  articles: TeaserPage
  list: ListAddress
  site: Site
  words: Words
}

/** The page of a person or an organisation: names, positions, quotations, and the articles that name it. */
export function renderEntity({ entity, articles, list, site, words }: EntityProps): string {
  const { text } = words
  const { name, description } = entity
  const isFirst = list.after === null
  return renderDocument({
    site,
    words,
    list,
    head: (
      <ListHead
        site={site}
        words={words}
        list={list}
        title={name}
        description={description ?? text('entity.description', { name, outlet: site.outlet })}
      />
    ),
    children: (
      <>
        <header class="list-head">
          <h1>
            <bdi>{name}</bdi>
          </h1>
          {description && <p dir="auto">{description}</p>}
          {isFirst && <OtherNames entity={entity} words={words} />}
        </header>
        <div class="entity">
          {isFirst && (
            <div class="record">
              <Affiliations entity={entity} site={site} words={words} />
              <Quotations entity={entity} site={site} words={words} />
            </div>
          )}
          <section aria-labelledby="stories">
            <h2 id="stories">{text('entity.stories')}</h2>
            <TeaserList page={articles} list={list} site={site} words={words} level={3} />
          </section>
        </div>
      </>
    ),
  })
}

function OtherNames({ entity: { name, names }, words: { text } }: Pick<EntityProps, 'entity' | 'words'>) {
  const others = names.filter((each) => each.text !== name)
  if (others.length === 0) return null
  return (
    <p class="other-names">
      <span>{text('entity.alsoKnownAs')}</span>{' '}
      {others.map(({ text: other, language }) => (
        <bdi key={`${language} ${other}`} lang={language ?? undefined}>
          {other}
        </bdi>
      ))}
    </p>
  )
}

type Part = Pick<EntityProps, 'entity' | 'site' | 'words'>

function Affiliations({ entity: { affiliations }, site, words }: Part) {
  if (affiliations.length === 0) return null
  return (
    <section>
      <h2>{words.text('entity.positions')}</h2>
      <ul class="names">
        {affiliations.map((affiliation) => {
          const isOfPerson = 'organisation' in affiliation
          const { slug, name } = isOfPerson ? affiliation.organisation : affiliation.person
          const { title, from, to } = affiliation
          return (
            <li key={`${slug} ${title} ${from}`}>
              <a href={`${site.base}${pathOfEntity(isOfPerson ? 'organisation' : 'person', slug)}`}>
                <bdi>{name}</bdi>
              </a>
              <span class="role">
                <bdi>{title}</bdi> <Period from={from} to={to} words={words} />
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** From when to when someone held a position. */
function Period({
  from,
  to,
  words: { text, day },
}: {
  from: string | null
  to: string | null
  words: Words
}) {
  if (from === null && to === null) return null
  return (
    <span class="period">
      {from && <Time at={from}>{day(from)}</Time>}
      {from && to ? ' – ' : ' '}
      {to ? <Time at={to}>{day(to)}</Time> : <span>{text('entity.untilToday')}</span>}
    </span>
  )
}

function Quotations({ entity: { quotations }, site, words }: Part) {
  if (quotations.edges.length === 0) return null
  return (
    <section>
      <h2>{words.text('entity.quotations')}</h2>
      {quotations.edges.map(({ node: { text, direct, article } }) => (
        <figure
          class={direct ? 'quotation' : 'quotation reported'}
          key={`${article.slug} ${text}`}
          lang={article.language}
          dir={dirOf(article)}
        >
          <blockquote>
            <p>
              <Lines text={text} />
            </p>
          </blockquote>
          <figcaption>
            <a href={`${site.base}${pathOfStory(article.slug)}`}>{article.headline}</a>
          </figcaption>
        </figure>
      ))}
    </section>
  )
}
