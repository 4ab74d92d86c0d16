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
        'sample-identities'?: boolean
        'read-only'?: boolean
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
 * Readers sign in as sample readers, at the outlet's identity provider (browser/sign-in.ts), or not at all.
 */
export function Comments({ story, site, words }: CommentsProps) {
  const { language, direction } = words
  return (
    <section class="comments" id="comments">
      <dateline-comments
        article={story.slug}
        lang={language}
        dir={direction}
        // False would be rendered as text: an attribute that is there is on.
        sample-identities={site.isDevelopment || undefined}
        read-only={(!site.isDevelopment && !site.signIn) || undefined}
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
