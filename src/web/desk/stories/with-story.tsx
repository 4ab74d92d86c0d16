import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { StoryDetailsDocument } from '../../../../schema/documents.ts'
import { Page } from '../components/page.tsx'
import { Empty, NotFound } from '../components/states.tsx'
import { Answer } from '../records/answer.tsx'
import { useRecordText } from '../records/texts.ts'
import { includesRole, type Role } from '../shell/roles.ts'
import { DeskLink } from '../shell/router.tsx'
import { useViewer } from '../shell/viewer.ts'
import { type Story, storyPath } from './story.ts'

/** What a page about one story receives. */
export interface StoryProps {
  story: Story
  /** Reads the story again. */
  reload(): void
}

interface WithStoryProps {
  slug: string
  /** The title of a page below the story's. */
  title?: string
  needs?: Role
  children(props: StoryProps): ReactNode
}

/** A page about one story. Moderators don't find stories that are not public. */
export function WithStory({ slug, title, needs = 'MODERATOR', children }: WithStoryProps) {
  const text = useRecordText()
  const { role } = useViewer()
  const [result, reload] = useQuery({ query: StoryDetailsDocument, variables: { slug } })
  const headline = result.data?.article?.headline
  if (!includesRole(role, needs)) return <NotFound />
  return (
    <>
      <p className="back">
        <DeskLink to={title ? storyPath(slug) : '/stories'}>
          {title ? <bdi>{headline ?? slug}</bdi> : text('stories.back')}
        </DeskLink>
      </p>
      <Page title={title ?? headline ?? text('stories.story')}>
        <Answer result={result} reload={reload}>
          {({ article }) =>
            article ? (
              children({ story: article, reload: () => reload({ requestPolicy: 'network-only' }) })
            ) : (
              <Empty title={text(includesRole(role, 'EDITOR') ? 'stories.unknown' : 'stories.not-public')} />
            )
          }
        </Answer>
      </Page>
    </>
  )
}
