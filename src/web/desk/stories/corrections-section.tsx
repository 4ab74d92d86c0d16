import { Time } from '../components/time.tsx'
import { useRecordText } from '../records/texts.ts'
import { includesRole } from '../shell/roles.ts'
import { DeskLink } from '../shell/router.tsx'
import { useViewer } from '../shell/viewer.ts'
import { storyPath } from './story.ts'
import type { StoryProps } from './with-story.tsx'

/** The corrections that readers see, and the way to another one. */
export function CorrectionsSection({ story }: StoryProps) {
  const text = useRecordText()
  const { role } = useViewer()
  const mayCorrect = includesRole(role, 'EDITOR') && story.status !== 'CANCELED'
  return (
    <section className="part" aria-labelledby="corrections">
      <h2 id="corrections">{text('corrections.title')}</h2>
      <Corrections story={story} />
      {mayCorrect && (
        <p>
          <DeskLink to={storyPath(story.slug, 'correct')}>{text('stories.correct')}</DeskLink>
        </p>
      )}
    </section>
  )
}

function Corrections({ story: { corrections, language } }: Pick<StoryProps, 'story'>) {
  const text = useRecordText()
  if (corrections.length === 0) return <p className="hint">{text('corrections.none')}</p>
  return (
    <ul className="history">
      {corrections.map(({ kind, text: words, version, at }) => (
        <li key={`${version} ${at}`}>
          <p>
            <strong>{text(`correction-kind.${kind}`)}</strong> <Time at={at} />
          </p>
          <p lang={language} dir="auto">
            {words}
          </p>
        </li>
      ))}
    </ul>
  )
}
