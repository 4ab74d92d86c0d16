import { Comments } from './comments.tsx'
import { renderDocument } from './document.tsx'
import { StoryHead } from './head.tsx'
import { Notice } from './notice.tsx'
import { SignIn } from './sign-in.tsx'
import { pathOfEntity, pathOfList, type Site } from './site.ts'
import { Figure, StoryBody } from './story-body.tsx'
import type { Story } from './story-data.ts'
import { Teaser } from './teaser.tsx'
import { dirOf, Lines, Time } from './text.tsx'
import type { Words } from './words.ts'

interface StoryProps {
  story: Story
  site: Site
  words: Words
}

/** The page of a story. The page's own words are in `words`, the article has its own language. */
export function renderStory({ story, site, words }: StoryProps): string {
  return renderDocument({
    site,
    words,
    list: null,
    head: <StoryHead story={story} site={site} />,
    after: (
      <>
        <Notice site={site} words={words} watched={{ article: story.id, version: story.version }} />
        <SignIn site={site} words={words} />
        <script type="module" src={site.widget} />
      </>
    ),
    children: (
      <>
        <article class="story" lang={story.language} dir={dirOf(story)}>
          <StoryHeader story={story} site={site} words={words} />
          <Corrections story={story} words={words} />
          <StoryBody blocks={story.body} site={site} words={words} />
        </article>
        <aside class="about" aria-label={words.text('about')}>
          <div class="about-names">
            <Names story={story} site={site} words={words} />
          </div>
        </aside>
        <Comments story={story} site={site} words={words} />
        <Related story={story} site={site} words={words} />
      </>
    ),
  })
}

function StoryHeader({ story, site, words }: StoryProps) {
  const { kicker, headline, standfirst, byline, dateline, leadImage } = story
  return (
    <header class="story-header">
      <Topics story={story} site={site} words={words} />
      {kicker && <p class="kicker">{kicker}</p>}
      <h1 itemprop="headline">{headline}</h1>
      {standfirst && <p class="standfirst">{standfirst}</p>}
      <div class="facts">
        {byline && <p class="byline">{byline}</p>}
        {dateline && <p class="dateline">{dateline.text}</p>}
        <Dates story={story} words={words} />
      </div>
      {leadImage && <Figure image={leadImage} site={site} isLead />}
    </header>
  )
}

function Dates({ story: { publishedAt, updatedAt }, words }: Pick<StoryProps, 'story' | 'words'>) {
  const { language, direction, text, moment } = words
  return (
    <p class="dates" lang={language} dir={direction}>
      <span>
        {text('story.published')}{' '}
        <Time at={publishedAt} kind="published">
          {moment(publishedAt)}
        </Time>
      </span>{' '}
      {updatedAt > publishedAt && (
        <span>
          {text('story.updated')}{' '}
          <Time at={updatedAt} kind="updated">
            {moment(updatedAt)}
          </Time>
        </span>
      )}
    </p>
  )
}

type Topic = { slug: string; name: string; parent?: Topic | null }

/** The topic of the story, after the topics above it. */
function Topics({ story, site, words }: StoryProps) {
  const path: Topic[] = []
  for (let topic: Topic | null = story.topic; topic; topic = topic.parent ?? null) path.unshift(topic)
  if (path.length === 0) return null
  return (
    <nav class="topics" aria-label={words.text('topic')}>
      <ol>
        {path.map(({ slug, name }) => (
          <li key={slug}>
            <a
              href={`${site.base}${pathOfList({ place: { kind: 'topic', slug }, language: null, after: null })}`}
            >
              <bdi>{name}</bdi>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

function Corrections({ story: { corrections }, words }: Pick<StoryProps, 'story' | 'words'>) {
  const { text, moment, language, direction } = words
  if (corrections.length === 0) return null
  return (
    <aside class="corrections" aria-label={text('corrections')}>
      {corrections.map(({ kind, text: notice, at }) => (
        <div class="correction" key={`${at} ${notice}`}>
          <p class="facts" lang={language} dir={direction}>
            <strong>{text(`correction.${kind}`)}</strong> <Time at={at}>{moment(at)}</Time>
          </p>
          <p>
            <Lines text={notice} />
          </p>
        </div>
      ))}
    </aside>
  )
}

/** The people and organisations of a story, with their roles as printed. */
function Names({ story, site, words: { text } }: StoryProps) {
  const { people, organisations, language } = story
  const direction = dirOf(story)
  return (
    <>
      {people.length > 0 && (
        <section>
          <h2>{text('story.people')}</h2>
          <ul class="names" lang={language} dir={direction}>
            {people.map(({ person: { slug, name }, rolesAsPrinted }) => (
              <li key={slug}>
                <a href={`${site.base}${pathOfEntity('person', slug)}`}>
                  <bdi>{name}</bdi>
                </a>
                {rolesAsPrinted.length > 0 && <span class="role">{rolesAsPrinted.join(', ')}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {organisations.length > 0 && (
        <section>
          <h2>{text('story.organisations')}</h2>
          <ul class="names" lang={language} dir={direction}>
            {organisations.map(({ organisation: { slug, name } }) => (
              <li key={slug}>
                <a href={`${site.base}${pathOfEntity('organisation', slug)}`}>
                  <bdi>{name}</bdi>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Related({ story, site, words }: StoryProps) {
  if (story.related.length === 0) return null
  return (
    <section class="related" aria-labelledby="related">
      <h2 id="related">{words.text('story.related')}</h2>
      <div class="teasers">
        {story.related.map((teaser) => (
          <Teaser key={teaser.id} teaser={teaser} site={site} words={words} level={3} />
        ))}
      </div>
    </section>
  )
}
