import { useState } from 'react'
import { useQuery } from 'urql'
import { CompareVersionsDocument } from '../../../../schema/documents.ts'
import { Field } from '../components/fields.tsx'
import { useMoment } from '../components/formats.ts'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import { Answer } from '../records/answer.tsx'
import { useRecordText } from '../records/texts.ts'
import { DeskLink, setFilters, usePlace } from '../shell/router.tsx'
import { compareDrafts } from './compare.ts'
import { Comparison } from './comparison.tsx'
import type { Draft } from './draft.ts'
import { type Story, storyPath } from './story.ts'
import type { StoryProps } from './with-story.tsx'

type Version = NonNullable<Story['revisions']>['edges'][number]['node']

/** The versions of a story, and two of them side by side. */
export function VersionsPage({ story }: StoryProps) {
  const text = useRecordText()
  const { search } = usePlace()
  const versions = story.revisions?.edges.map(({ node }) => node) ?? []
  const after = versionIn(search.get('after')) ?? story.version
  const before = versionIn(search.get('before')) ?? Math.max(1, after - 1)
  if (versions.length < 2) return <p>{text('versions.only-one')}</p>
  return (
    <>
      <section aria-label={text('versions.compare')}>
        <div className="filters filters-wide">
          <VersionChoice name="before" label={text('versions.before')} value={before} versions={versions} />
          <VersionChoice name="after" label={text('versions.after')} value={after} versions={versions} />
        </div>
        <Compared id={story.id} before={before} after={after} />
      </section>
      <section className="part" aria-labelledby="all-versions">
        <h2 id="all-versions">{text('versions.all')}</h2>
        <VersionTable story={story} versions={versions} />
      </section>
    </>
  )
}

function versionIn(value: string | null): number | null {
  const version = Number(value)
  return value !== null && Number.isInteger(version) && version > 0 ? version : null
}

interface VersionChoiceProps {
  name: string
  label: string
  value: number
  versions: readonly Version[]
}

function VersionChoice({ name, label, value, versions }: VersionChoiceProps) {
  const text = useRecordText()
  const moment = useMoment()
  return (
    <Field label={label}>
      {(props) => (
        <select
          {...props}
          className="choice"
          value={value}
          onChange={(event) => setFilters({ [name]: event.target.value })}
        >
          {versions.map(({ version, at }) => (
            <option key={version} value={version}>
              {text('versions.choice', { version, at: moment(at) })}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

function Compared({ id, before, after }: { id: string; before: number; after: number }) {
  const text = useRecordText()
  const [isWhole, setIsWhole] = useState(false)
  const [result, reload] = useQuery({ query: CompareVersionsDocument, variables: { id, before, after } })
  return (
    <Answer result={result} reload={reload}>
      {({ article }) => {
        if (!article?.before || !article.after) return <p>{text('versions.missing')}</p>
        const rows = compareDrafts(article.before.draft as Draft, article.after.draft as Draft)
        const changed = rows.filter((row) => row.changed)
        return (
          <>
            <p role="status">{text('versions.changes', { count: changed.length })}</p>
            <label className="box">
              <input
                type="checkbox"
                checked={isWhole}
                onChange={({ target }) => setIsWhole(target.checked)}
              />
              {text('versions.whole')}
            </label>
            <Comparison before={article.before} after={article.after} rows={isWhole ? rows : changed} />
          </>
        )
      }}
    </Answer>
  )
}

function VersionTable({ story, versions }: { story: Story; versions: readonly Version[] }) {
  const text = useRecordText()
  const columns: Column<Version>[] = [
    { key: 'version', label: text('stories.version'), isNarrow: true, cell: ({ version }) => version },
    { key: 'at', label: text('versions.at'), isNarrow: true, cell: ({ at }) => <Time at={at} /> },
    {
      key: 'editor',
      label: text('versions.editor'),
      cell: ({ editor }) => (editor === null ? text('stories.import') : <bdi className="code">{editor}</bdi>),
    },
    {
      key: 'compare',
      label: text('versions.compare'),
      cell: ({ version }) =>
        version > 1 && (
          <DeskLink to={`${storyPath(story.slug, 'versions')}?before=${version - 1}&after=${version}`}>
            {text('versions.with', { version: version - 1 })}
          </DeskLink>
        ),
    },
  ]
  return (
    <Table
      label={text('versions.all')}
      columns={columns}
      rows={versions}
      keyOf={({ version }) => String(version)}
    />
  )
}
