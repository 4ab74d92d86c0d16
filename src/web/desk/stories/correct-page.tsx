import { type ReactNode, useState } from 'react'
import { useQuery } from 'urql'
import {
  CorrectArticleDocument,
  type CorrectArticleInput,
  type CorrectionKind,
  StoryDraftDocument,
} from '../../../../schema/documents.ts'
import { Button } from '../components/button.tsx'
import { Field } from '../components/fields.tsx'
import { Notice } from '../components/notice.tsx'
import { ActionDialog } from '../records/action-dialog.tsx'
import { Answer } from '../records/answer.tsx'
import { TextArea } from '../records/text-area.tsx'
import { useRecordText } from '../records/texts.ts'
import { useKept } from '../shell/kept.ts'
import { navigate } from '../shell/router.tsx'
import { applied, changesOf, type Place, type Rewording, textsIn } from './corrected.ts'
import type { Draft } from './draft.ts'
import { useEdit } from './edit.tsx'
import { storyPath } from './story.ts'
import type { StoryProps } from './with-story.tsx'

const KINDS: readonly CorrectionKind[] = ['CORRECTION', 'CLARIFICATION', 'UPDATE', 'RETRACTION']

/** The longest text of a correction that the API accepts. */
const MAX_TEXT_LENGTH = 2_000

/** A correction: the notice for readers, and the changed words of the story. */
export function CorrectPage(props: StoryProps) {
  const { id } = props.story
  const [result, reloadDraft] = useQuery({ query: StoryDraftDocument, variables: { id } })
  const reload = () => {
    props.reload()
    reloadDraft({ requestPolicy: 'network-only' })
  }
  return (
    <Answer result={result} reload={reloadDraft}>
      {({ article }) =>
        article?.draft ? (
          <CorrectForm
            story={props.story}
            reload={reload}
            draft={article.draft as Draft}
            version={article.version}
          />
        ) : null
      }
    </Answer>
  )
}

/** What the editor has written so far. */
interface Written {
  kind: CorrectionKind
  notice: string
  rewordings: readonly Rewording[]
}

const NOTHING_WRITTEN: Written = { kind: 'CORRECTION', notice: '', rewordings: [] }

interface CorrectFormProps extends StoryProps {
  draft: Draft
  /** The version of the draft. */
  version: number
}

function CorrectForm({ draft, ...props }: CorrectFormProps) {
  const text = useRecordText()
  const [written, setWritten, forget] = useKept<Written>(`correct:${props.story.id}`, NOTHING_WRITTEN)
  const { kind, notice, rewordings } = written
  const change = (changes: Partial<Written>) => setWritten({ ...written, ...changes })
  const [isAsking, setIsAsking] = useState(false)
  const [conflict, setConflict] = useState<ReactNode>(null)
  const { valid, lost } = applied(rewordings, draft)
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        setIsAsking(true)
      }}
    >
      <Field label={text('corrections.kind')} description={text(`corrections.about.${kind}`)}>
        {(field) => (
          <select
            {...field}
            className="choice"
            value={kind}
            onChange={(event) => change({ kind: event.target.value as CorrectionKind })}
          >
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {text(`correction-kind.${each}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextArea
        label={text('corrections.text')}
        description={text('corrections.text-about')}
        value={notice}
        rows={4}
        maxLength={MAX_TEXT_LENGTH}
        isRequired
        language={draft.language}
        onChange={(changed) => change({ notice: changed })}
      />
      <Words
        draft={draft}
        rewordings={valid}
        onChange={(changed) => change({ rewordings: [...changed, ...lost] })}
      />
      {conflict && <Notice kind="failure">{conflict}</Notice>}
      <LostWords rewordings={lost} onDrop={() => change({ rewordings: valid })} />
      <p>
        <Button type="submit" kind="primary" isDisabled={notice.trim() === '' || lost.length > 0}>
          {text('corrections.next')}
        </Button>
      </p>
      {isAsking && (
        <PublishDialog
          {...props}
          correction={{ kind, text: notice.trim(), changes: changesOf(valid, draft) }}
          onConflict={(notice) => {
            setConflict(notice)
            setIsAsking(false)
          }}
          onPublished={forget}
          onClose={() => setIsAsking(false)}
        />
      )}
    </form>
  )
}

interface WordsProps {
  draft: Draft
  rewordings: readonly Rewording[]
  onChange(rewordings: readonly Rewording[]): void
}

/** The words of the story, to change them along with the notice. */
function Words({ draft, rewordings, onChange }: WordsProps) {
  const text = useRecordText()
  const reword = ({ at, part, text: base }: Place, words: string) => {
    const others = rewordings.filter((each) => each.at !== at)
    onChange(words === base ? others : [...others, { at, part, base, words }])
  }
  return (
    <details className="words">
      <summary>{text('corrections.words', { count: rewordings.length })}</summary>
      <p className="hint">{text('corrections.words-about')}</p>
      {textsIn(draft).map((place) => {
        const { at, part, text: base } = place
        const words = rewordings.find((each) => each.at === at)?.words ?? base
        return (
          <TextArea
            key={at}
            label={text(`part.${part}`)}
            value={words}
            rows={Math.min(8, Math.ceil(base.length / 80) + 1)}
            language={draft.language}
            onChange={(changed) => reword(place, changed)}
          />
        )
      })}
    </details>
  )
}

interface LostWordsProps {
  rewordings: readonly Rewording[]
  onDrop(): void
}

/** Changed words that can't be published: somebody else changed the same text. The editor may enter them again. */
function LostWords({ rewordings, onDrop }: LostWordsProps) {
  const text = useRecordText()
  if (rewordings.length === 0) return null
  return (
    <Notice kind="warning">
      <p>{text('corrections.lost')}</p>
      <ul>
        {rewordings.map(({ at, part, words }) => (
          <li key={at}>
            {text(`part.${part}`)}: <bdi>{words}</bdi>
          </li>
        ))}
      </ul>
      <Button onPress={onDrop}>{text('corrections.drop-lost')}</Button>
    </Notice>
  )
}

interface PublishDialogProps extends StoryProps {
  version: number
  correction: Pick<CorrectArticleInput, 'kind' | 'text' | 'changes'>
  onConflict(notice: ReactNode): void
  onPublished(): void
  onClose(): void
}

function PublishDialog({ correction, onPublished, onClose, ...props }: PublishDialogProps) {
  const text = useRecordText()
  const edit = useEdit(props)
  const publish = async () => {
    const problem = await edit(CorrectArticleDocument, correction, text('corrections.published'))
    if (problem === null) {
      onPublished()
      navigate(storyPath(props.story.slug))
    }
    return problem
  }
  return (
    <ActionDialog
      title={text('corrections.publish-title')}
      action={text('corrections.publish')}
      onConfirm={publish}
      onClose={onClose}
    >
      <p>{text('corrections.consequence')}</p>
      <blockquote className="comment-text" lang={props.story.language} dir="auto">
        <strong>{text(`correction-kind.${correction.kind}`)}</strong> {correction.text}
      </blockquote>
      <p>{text(correction.changes ? 'corrections.with-changes' : 'corrections.without-changes')}</p>
    </ActionDialog>
  )
}
