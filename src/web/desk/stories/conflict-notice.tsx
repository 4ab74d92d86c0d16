import { useQuery } from 'urql'
import { CompareVersionsDocument, StoryDetailsDocument } from '../../../../schema/documents.ts'
import { useMoment } from '../components/formats.ts'
import { useRecordText } from '../records/texts.ts'
import { includesRole } from '../shell/roles.ts'
import { useViewer } from '../shell/viewer.ts'
import { compareDrafts } from './compare.ts'
import type { Draft } from './draft.ts'
import type { Story } from './story.ts'

interface ConflictNoticeProps {
  story: Pick<Story, 'id' | 'slug'>
  /** The version that the user saw. */
  seen: number
  current: number
}

/** Says who changed a story since the user read it, what and when. Moderators may not read versions. */
export function ConflictNotice(props: ConflictNoticeProps) {
  const text = useRecordText()
  const { role } = useViewer()
  return (
    <>
      <p>{text('conflict.title', { seen: props.seen, current: props.current })}</p>
      {includesRole(role, 'EDITOR') && (
        <>
          <Versions {...props} />
          <ChangedParts {...props} />
        </>
      )}
      <p>{text('conflict.again')}</p>
    </>
  )
}

function Versions({ story, seen }: ConflictNoticeProps) {
  const text = useRecordText()
  const moment = useMoment()
  const [{ data }] = useQuery({ query: StoryDetailsDocument, variables: { slug: story.slug } })
  const newer = data?.article?.revisions?.edges.filter(({ node }) => node.version > seen) ?? []
  return (
    <ul>
      {newer.map(({ node: { version, editor, at } }) => (
        <li key={version}>
          {text('conflict.version', { version, name: editor ?? text('stories.import'), at: moment(at) })}
        </li>
      ))}
    </ul>
  )
}

/** The parts whose words differ. An edit of the state changes no words. */
function ChangedParts({ story, seen, current }: ConflictNoticeProps) {
  const text = useRecordText()
  const [{ data }] = useQuery({
    query: CompareVersionsDocument,
    variables: { id: story.id, before: seen, after: current },
  })
  const { before, after } = data?.article ?? {}
  if (!before || !after) return null
  const rows = compareDrafts(before.draft as Draft, after.draft as Draft).filter(({ changed }) => changed)
  const parts = [...new Set(rows.map(({ part }) => text(`part.${part}`)))]
  return (
    <p>{parts.length > 0 ? text('conflict.parts', { parts: parts.join(' · ') }) : text('conflict.state')}</p>
  )
}
