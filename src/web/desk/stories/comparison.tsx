import { Time } from '../components/time.tsx'
import { useRecordText } from '../records/texts.ts'
import type { Piece, Row } from './compare.ts'
import type { Draft } from './draft.ts'

interface Version {
  version: number
  at: string
  editor: string | null
  draft: unknown
}

interface ComparisonProps {
  before: Version
  after: Version
  rows: readonly Row[]
}

/** Two versions side by side; on narrow screens, one above the other. Changed words are marked as deleted or inserted. */
export function Comparison({ before, after, rows }: ComparisonProps) {
  const text = useRecordText()
  if (rows.length === 0) return null
  return (
    <table className="comparison">
      <thead>
        <tr>
          <th scope="col">{text('versions.part')}</th>
          <VersionHead {...before} />
          <VersionHead {...after} />
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a comparison don't move
          <tr key={index}>
            <th scope="row">{text(`part.${row.part}`)}</th>
            <Words of="old" pieces={row.old} draft={before.draft as Draft} label={versionLabel(before)} />
            <Words of="new" pieces={row.new} draft={after.draft as Draft} label={versionLabel(after)} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function versionLabel({ version }: Version): string {
  return String(version)
}

function VersionHead({ version, at, editor }: Version) {
  const text = useRecordText()
  return (
    <th scope="col">
      {text('versions.number', { version })} · <Time at={at} />
      <br />
      {editor === null ? text('stories.import') : <bdi className="code">{editor}</bdi>}
    </th>
  )
}

interface WordsProps {
  of: 'old' | 'new'
  pieces: readonly Piece[] | null
  draft: Draft
  label: string
}

function Words({ of, pieces, draft, label }: WordsProps) {
  const text = useRecordText()
  if (!pieces) return <td className="comparison-none">{text('versions.none')}</td>
  const Mark = of === 'old' ? 'del' : 'ins'
  return (
    <td data-label={label} lang={draft.language} dir="auto">
      {pieces.map((piece, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text don't move
        piece.changed ? <Mark key={index}>{piece.text}</Mark> : <span key={index}>{piece.text}</span>,
      )}
    </td>
  )
}
