import { settings } from '../shell/settings.ts'
import { useText } from '../shell/texts.ts'

interface Story {
  slug: string
  headline: string
  language?: string | null
  direction?: 'LTR' | 'RTL' | null
}

/** A link to the story's page, in a new window, in the story's own language and direction. */
export function StoryLink({ story }: { story: Story }) {
  const text = useText()
  return (
    <a
      className="story-link"
      href={`${settings.base}/stories/${encodeURIComponent(story.slug)}`}
      target="_blank"
      rel="noopener"
      lang={story.language ?? undefined}
      dir={story.direction === 'RTL' ? 'rtl' : 'ltr'}
      title={text('opensWindow')}
    >
      {story.headline}
    </a>
  )
}
