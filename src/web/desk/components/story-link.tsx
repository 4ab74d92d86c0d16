import { storyAddress } from '../shell/story-address.ts'
import { useText } from '../shell/texts.ts'

interface Story {
  slug: string
  url: string
  headline: string
  language?: string | null
  direction?: 'LTR' | 'RTL' | null
}

/** A link to the story's page, in a new window, in the story's own language and direction. */
export function StoryLink({ story }: { story: Story }) {
  const text = useText()
  const address = storyAddress(story)
  const languageOf = {
    lang: story.language ?? undefined,
    dir: story.direction === 'RTL' ? 'rtl' : 'ltr',
  }
  if (address === null) return <span {...languageOf}>{story.headline}</span>
  return (
    <a
      className="story-link"
      href={address}
      target="_blank"
      rel="noopener"
      {...languageOf}
      title={text('opensWindow')}
    >
      {story.headline}
    </a>
  )
}
