import { DeskLink } from '../shell/router.tsx'
import { Badge } from './badge.tsx'
import { useRecordText } from './texts.ts'

interface ReaderNameProps {
  name: string
  reader?: { id: string; status: 'GOOD' | 'BANNED' } | null
}

/** The name of a comment's author, with a link to the reader. */
export function ReaderName({ name, reader }: ReaderNameProps) {
  const text = useRecordText()
  if (!reader) return <bdi>{name}</bdi>
  return (
    <span>
      <DeskLink to={`/readers/${encodeURIComponent(reader.id)}`}>
        <bdi>{name}</bdi>
      </DeskLink>{' '}
      {reader.status === 'BANNED' && <Badge kind="bad">{text('reader-status.BANNED')}</Badge>}
    </span>
  )
}

interface StoryNameProps {
  story?: { slug: string; headline: string; language: string } | null
}

/** The headline of a story, with a link to it at the desk. Moderators don't see stories that are not public. */
export function StoryName({ story }: StoryNameProps) {
  const text = useRecordText()
  if (!story) return <span>{text('records.story-hidden')}</span>
  return (
    <DeskLink to={`/stories/${encodeURIComponent(story.slug)}`}>
      <bdi lang={story.language}>{story.headline}</bdi>
    </DeskLink>
  )
}
