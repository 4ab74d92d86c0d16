import { useRecordText } from '../records/texts.ts'
import type { ViewProps } from '../shell/view-props.ts'
import { CorrectPage } from './correct-page.tsx'
import { StoryList } from './story-list.tsx'
import { StoryPage } from './story-page.tsx'
import { VersionsPage } from './versions-page.tsx'
import { WithStory } from './with-story.tsx'

/** All stories, or one of them by slug: its page, its versions, or a correction of it. */
export default function StoriesView({ rest: [slug, part] }: ViewProps) {
  const text = useRecordText()
  if (slug === undefined) return <StoryList />
  if (part === 'versions') {
    return (
      <WithStory slug={slug} title={text('stories.versions')} needs="EDITOR">
        {(props) => <VersionsPage {...props} />}
      </WithStory>
    )
  }
  if (part === 'correct') {
    return (
      <WithStory slug={slug} title={text('stories.correct')} needs="EDITOR">
        {(props) => <CorrectPage {...props} />}
      </WithStory>
    )
  }
  return <WithStory slug={slug}>{(props) => <StoryPage {...props} />}</WithStory>
}
