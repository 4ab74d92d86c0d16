import type { HTMLAttributes } from 'preact'
import { pathOfStory, type Site } from './site.ts'
import type { Story, StoryComment } from './story-data.ts'
import { Lines, Time } from './text.tsx'
import type { Words } from './words.ts'

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'dateline-comments': HTMLAttributes<HTMLElement> & {
        article: string
        language?: string
        'sample-identities'?: boolean
      }
    }
  }
}

interface CommentsProps {
  story: Story
  site: Site
  words: Words
}

/**
 * The comments of a story. The widget takes the place of its content when its script has loaded.
 * A new way to sign in is a new attribute of the widget, here.
 */
export function Comments({ story, site, words }: CommentsProps) {
  const { language, direction } = words
  return (
    <section class="comments" id="comments">
      <dateline-comments
        article={story.slug}
        language={language}
        lang={language}
        dir={direction}
        sample-identities={site.isDevelopment}
      >
        <CommentList story={story} site={site} words={words} />
      </dateline-comments>
    </section>
  )
}

function CommentList({ story, site, words: { text, ...words } }: CommentsProps) {
  const { comments, commentCount, commentingOpen, slug } = story
  const { hasNextPage, endCursor } = comments.pageInfo
  return (
    <>
      <h2>{text('comments.count', { count: commentCount })}</h2>
      {!commentingOpen && <p class="note">{text('comments.closed')}</p>}
      {commentingOpen && (
        <noscript>
          <p class="note">{text('comments.needsScript')}</p>
        </noscript>
      )}
      <ol class="comment-list">
        {comments.edges.map(({ node }) => (
          <li key={node.id}>
            <Comment comment={node} words={{ text, ...words }} />
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <p>
          <a class="more" href={`${site.base}${pathOfStory(slug, endCursor)}#comments`} rel="nofollow">
            {text('comments.earlier')}
          </a>
        </p>
      )}
    </>
  )
}

function Comment({ comment, words: { text, moment } }: { comment: StoryComment; words: Words }) {
  const { author, submittedAt, body, language, parent, parentRemoved } = comment
  return (
    <article class="comment">
      <header>
        <bdi class="author">{author.displayName}</bdi> <Time at={submittedAt}>{moment(submittedAt)}</Time>
      </header>
      {parent && (
        <p class="note">
          {text('comments.replyTo')} <bdi>{parent.author.displayName}</bdi>
        </p>
      )}
      {parentRemoved && <p class="note">{text('comments.replyToRemoved')}</p>}
      <p dir="auto" lang={language ?? undefined}>
        <Lines text={body} />
      </p>
    </article>
  )
}
