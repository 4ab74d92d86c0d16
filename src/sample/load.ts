import { saveArticle } from '../articles/save.ts'
import { saveEntities } from '../articles/save-entities.ts'
import { loadNameIndex } from '../articles/save-entity.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { articles } from './articles/index.ts'
import type { SampleComment } from './comments/types.ts'
import { comments, readers } from './comments.ts'
import { organisations } from './organisations.ts'
import { people } from './people.ts'

export interface SampleDeps {
  prisma: PrismaClient
  /** When the stories are stored. */
  now: () => Date
  /** Submits a comment by the newsroom's own rules; returns its id. */
  submit(comment: SampleSubmission): Promise<string>
  /** Decides a comment by the newsroom's own rules. */
  decide(decision: SampleDecision): Promise<unknown>
}

export interface SampleSubmission {
  articleId: string
  reader: { subject: string; displayName: string }
  body: string
  /** BCP 47 tag. */
  language: string
  parentId: string | null
  at: Date
}

export interface SampleDecision {
  commentId: string
  verdict: 'APPROVED' | 'REJECTED'
  guidelines: string[]
  note: string | null
  at: Date
}

/**
 * Fills the newsroom with the sample: people, organisations, stories, and comments in every state. A
 * second time it changes nothing: who and what is there stays, and comments go only where there are none.
 */
export async function loadSample(deps: SampleDeps): Promise<void> {
  await deps.prisma.$transaction((tx) => saveEntities(tx, { organisations, people }), { timeout: 60_000 })
  const articleIds = await saveArticles(deps)
  if ((await deps.prisma.comment.count()) === 0) await writeComments(deps, articleIds)
}

/** Saves the stories; returns their ids by slug. */
async function saveArticles({ prisma, now }: SampleDeps): Promise<Map<string, string>> {
  const names = await loadNameIndex(prisma)
  const ids = new Map<string, string>()
  for (const article of articles) {
    const { id } = await saveArticle(prisma, article, { now: now(), names })
    ids.set(article.slug, id)
  }
  return ids
}

/** Lets readers and moderators act in the order of time, so that feed positions follow it too. */
async function writeComments(deps: SampleDeps, articleIds: Map<string, string>): Promise<void> {
  const ids = new Map<SampleComment, string>()
  const submit = async (comment: SampleComment, at: Date) => {
    const parent = comments.find(({ key }) => key !== undefined && key === comment.parent)
    const id = await deps.submit({
      articleId: articleIds.get(comment.article)!,
      reader: { subject: `sample-${comment.reader}`, displayName: readers[comment.reader]! },
      body: comment.body,
      language: comment.language,
      parentId: parent ? ids.get(parent)! : null,
      at,
    })
    ids.set(comment, id)
  }
  for (const { comment, at, decision } of timeline()) {
    if (decision) await deps.decide({ ...decision, commentId: ids.get(comment)!, at })
    else await submit(comment, at)
  }
}

interface Act {
  comment: SampleComment
  at: Date
  /** Missing when the comment is submitted. */
  decision?: Pick<SampleDecision, 'verdict' | 'guidelines' | 'note'>
}

function timeline(): Act[] {
  return comments.flatMap(actsOn).sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** Minutes from submission to the moderator's verdict, and to the second verdict of a comment taken down. */
const decidedAfter = 8
const retractedAfter = 55

function actsOn(comment: SampleComment): Act[] {
  const { publishedAt } = articles.find(({ slug }) => slug === comment.article)!
  const after = (minutes: number) =>
    new Date(publishedAt.getTime() + (comment.minutesAfterPublication + minutes) * 60_000)
  const approval = { verdict: 'APPROVED' as const, guidelines: [], note: null }
  const submission = { comment, at: after(0) }
  const { fate } = comment
  if (fate === 'pending') return [submission]
  if (fate === 'approved') return [submission, { comment, at: after(decidedAfter), decision: approval }]
  const rejection = {
    verdict: 'REJECTED' as const,
    guidelines: 'rejected' in fate ? fate.rejected : fate.retracted,
    note: fate.note ?? null,
  }
  return 'rejected' in fate
    ? [submission, { comment, at: after(decidedAfter), decision: rejection }]
    : [
        submission,
        { comment, at: after(decidedAfter), decision: approval },
        { comment, at: after(retractedAfter), decision: rejection },
      ]
}
