import { useMoment } from '../components/formats.ts'
import { Time } from '../components/time.tsx'
import { Badge } from '../records/badge.tsx'
import { useRecordText } from '../records/texts.ts'
import { includesRole } from '../shell/roles.ts'
import { DeskLink } from '../shell/router.tsx'
import { storyAddress } from '../shell/story-address.ts'
import { useViewer } from '../shell/viewer.ts'
import { CommentingSection } from './commenting-section.tsx'
import { CorrectionsSection } from './corrections-section.tsx'
import { dueAt, STATE_KINDS, stateOf, storyPath } from './story.ts'
import { VisibilitySection } from './visibility-section.tsx'
import type { StoryProps } from './with-story.tsx'

/** One story: its state, and what the role may do with it. */
export function StoryPage(props: StoryProps) {
  const { role } = useViewer()
  const isEditor = includesRole(role, 'EDITOR')
  return (
    <>
      <Facts {...props} />
      <Links {...props} />
      <CommentingSection {...props} />
      {isEditor && <VisibilitySection {...props} />}
      <CorrectionsSection {...props} />
    </>
  )
}

function Facts({ story }: StoryProps) {
  const text = useRecordText()
  const moment = useMoment()
  const state = stateOf(story)
  return (
    <>
      <p>
        <Badge kind={STATE_KINDS[state]}>{text(`story-state.${state}`)}</Badge>{' '}
        {text(`stories.explain.${state}`, { at: moment(dueAt(story)) })}
      </p>
      <dl className="facts">
        <div>
          <dt>{text('stories.published')}</dt>
          <dd>
            <Time at={story.publishedAt} />
          </dd>
        </div>
        <div>
          <dt>{text('stories.updated')}</dt>
          <dd>
            <Time at={story.updatedAt} />
          </dd>
        </div>
        <div>
          <dt>{text('stories.version')}</dt>
          <dd>{story.version}</dd>
        </div>
        {story.topic && (
          <div>
            <dt>{text('stories.topic')}</dt>
            <dd>
              <bdi>{story.topic.name}</bdi>
            </dd>
          </div>
        )}
      </dl>
    </>
  )
}

function Links({ story }: StoryProps) {
  const text = useRecordText()
  const { role } = useViewer()
  const address = stateOf(story) === 'PUBLIC' ? storyAddress(story) : null
  return (
    <ul className="links">
      {address !== null && (
        <li>
          <a href={address} target="_blank" rel="noopener">
            {text('stories.open-page')}
          </a>
        </li>
      )}
      <li>
        <DeskLink to={`/?article=${encodeURIComponent(story.id)}`}>{text('stories.waiting')}</DeskLink>
      </li>
      <li>
        <DeskLink to={`/decided?story=${encodeURIComponent(story.id)}`}>{text('stories.decisions')}</DeskLink>
      </li>
      {includesRole(role, 'EDITOR') && (
        <li>
          <DeskLink to={storyPath(story.slug, 'versions')}>{text('stories.versions')}</DeskLink>
        </li>
      )}
      {includesRole(role, 'ADMIN') && (
        <li>
          <DeskLink to={`/partners/coverage?story=${encodeURIComponent(story.slug)}`}>
            {text('stories.coverage')}
          </DeskLink>
        </li>
      )}
    </ul>
  )
}
