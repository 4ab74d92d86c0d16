import type { ReactNode } from 'react'
import { useLanguage } from '../shell/language.tsx'
import { setFilters } from '../shell/router.tsx'
import { useText } from '../shell/texts.ts'
import type { QueueFilter } from './filter.ts'
import { languageName } from './language-name.tsx'
import type { Counts } from './use-counts.ts'

/** How many comments wait in each language and for each story. Each count is a filter. */
export function Facets({ facets, filter }: { facets: Counts['facets']; filter: QueueFilter }) {
  const text = useText()
  const { language: shownIn } = useLanguage()
  if (facets.total === 0) return null
  return (
    <>
      <Facet title={text('facet.languages')}>
        {facets.byLanguage.map(({ language, count }) => (
          <FacetChoice
            key={language ?? ''}
            name="language"
            value={language}
            isChosen={filter.language !== null && filter.language === language}
            count={count}
          >
            {language === null ? text('facet.noLanguage') : languageName(language, shownIn)}
          </FacetChoice>
        ))}
      </Facet>
      <Facet title={text('facet.stories')}>
        {facets.byArticle.map(({ articleId, article, count }) => (
          <FacetChoice
            key={articleId}
            name="article"
            value={articleId}
            isChosen={filter.article === articleId}
            count={count}
          >
            {article ? (
              <span lang={article.language} dir={article.direction === 'RTL' ? 'rtl' : 'ltr'}>
                {article.headline}
              </span>
            ) : (
              text('comment.storyHidden')
            )}
          </FacetChoice>
        ))}
      </Facet>
    </>
  )
}

function Facet({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="facet" open>
      <summary>
        <h2>{title}</h2>
      </summary>
      <ul>{children}</ul>
    </details>
  )
}

interface ChoiceProps {
  name: 'language' | 'article'
  /** null: comments without a language can't be filtered. */
  value: string | null
  isChosen: boolean
  count: number
  children: ReactNode
}

function FacetChoice({ name, value, isChosen, count, children }: ChoiceProps) {
  const content = (
    <>
      <span className="facet-name">{children}</span> <span className="facet-count">{count}</span>
    </>
  )
  return (
    <li>
      {value === null ? (
        <span className="facet-choice">{content}</span>
      ) : (
        <button
          type="button"
          className="facet-choice"
          aria-pressed={isChosen}
          onClick={() => setFilters({ [name]: isChosen ? null : value })}
        >
          {content}
        </button>
      )}
    </li>
  )
}
