import type { Viewer } from '../auth/viewer.ts'
import type { Decision, Prisma } from '../db/client/client.ts'
import { COMMENTS_FOR_UPDATE, lockArticleRows } from '../db/locks.ts'
import { uuid7 } from '../db/uuid7.ts'
import { isBlank, normaliseText } from '../text/normalise.ts'
import type { DecisionInput } from './decision-input.ts'
import type { AuthoredComment } from './visible.ts'

/** The comment feed of an article during one transaction. */
interface FeedCounters {
  feedPosition: number
  /** By how much the number of approved comments changes. */
  countChange: number
  advanced: boolean
}

/** A decision with the comment after it. */
interface NewDecision {
  comment: AuthoredComment
  decision: Decision
  /** The position of its feed entry; null if readers are not notified. */
  position: number | null
}

/**
 * The decisions of one transaction. They are made one after the other in memory, and written together, in one statement
 * for any number of them.
 */
export class DecisionRecord {
  /** The time of the decisions: the database's time after the articles were locked; undefined without articles. */
  readonly lockedAt: Date | undefined
  readonly #counters: ReadonlyMap<string, FeedCounters>
  readonly #made: NewDecision[] = []

  private constructor(rows: Awaited<ReturnType<typeof lockArticleRows>>) {
    this.#counters = new Map(
      rows.map(({ id, feedPosition }) => [id, { feedPosition, countChange: 0, advanced: false }]),
    )
    this.lockedAt = rows.at(-1)?.at
  }

  /** Locks the articles of the comments that are decided. Comments can still be submitted. */
  static async open(tx: Prisma.TransactionClient, articleIds: ReadonlySet<string>): Promise<DecisionRecord> {
    return new DecisionRecord(await lockArticleRows(tx, articleIds))
  }

  /** Makes one decision and, if readers must be notified, gives it the next position in the feed of the article. */
  decide(before: AuthoredComment, input: DecisionInput, { viewer, at }: { viewer: Viewer; at: Date }) {
    const { verdict } = input
    const isApproval = verdict === 'APPROVED'
    const position =
      isApproval || before.status === 'APPROVED' ? this.#advance(before.articleId, verdict) : null
    const comment: AuthoredComment = {
      ...before,
      status: verdict,
      approvedAt: isApproval ? at : null,
      position: isApproval ? position : null,
    }
    const decision: Decision = {
      id: uuid7(),
      commentId: before.id,
      articleId: before.articleId,
      verdict,
      moderator: viewer.subject ?? '',
      moderatorName: viewer.displayName ?? 'A moderator',
      note: cleanedNote(input.note),
      at,
    }
    this.#made.push({ comment, decision, position })
    return { comment, decision, changed: true }
  }

  /** The articles whose feeds have grown, with the positions up to which they have, in the order of their ids. */
  get grownFeeds(): { articleId: string; position: number }[] {
    return [...this.#counters]
      .filter(([, { advanced }]) => advanced)
      .map(([articleId, { feedPosition }]) => ({ articleId, position: feedPosition }))
  }

  /**
   * Writes the decisions with the comments' status, the articles' counters and the feed entries. PostgreSQL runs parts
   * of a statement that do not read each other in any order. Triggers require that an article's counters are written
   * before its entries, which read them, and the entries in the order of their positions. The comments are locked in
   * the order of their ids. Their status may be written last.
   */
  async write(tx: Prisma.TransactionClient, { verdict, guidelines = [] }: DecisionInput): Promise<void> {
    const [first] = this.#made
    if (!first) return
    const { moderator, moderatorName, note, at } = first.decision
    const codes = verdict === 'APPROVED' ? [] : [...new Set(guidelines)]
    const feeds = this.grownFeeds.map(({ articleId }) => articleId)
    const counters = feeds.map((id) => this.#counters.get(id) as FeedCounters)
    await tx.$executeRaw`
      WITH made AS MATERIALIZED (
        SELECT * FROM unnest(
          ${this.#made.map(({ comment }) => comment.id)}::uuid[],
          ${this.#made.map(({ comment }) => comment.articleId)}::uuid[],
          ${this.#made.map(({ decision }) => decision.id)}::uuid[],
          ${this.#made.map(({ position }) => position)}::int[]
        ) AS m("commentId", "articleId", "decisionId", "position")
      ),
      comments AS (
        UPDATE "Comment" c SET
          "status" = ${verdict}::"CommentStatus",
          "approvedAt" = CASE WHEN ${verdict} = 'APPROVED' THEN ${at}::timestamptz END,
          "position" = CASE WHEN ${verdict} = 'APPROVED' THEN made."position" END
        FROM (
          ${COMMENTS_FOR_UPDATE}
        ) made
        WHERE c."id" = made."commentId"
      ),
      decisions AS (
        INSERT INTO "Decision" ("id", "commentId", "verdict", "moderator", "moderatorName", "note", "at")
        SELECT "decisionId", "commentId", ${verdict}::"Verdict", ${moderator}, ${moderatorName}, ${note}, ${at}
        FROM made
        RETURNING "id"
      ),
      guidelines AS (
        INSERT INTO "DecisionGuideline" ("decisionId", "guidelineCode")
        SELECT decisions."id", g.code FROM decisions, unnest(${codes}::text[]) AS g(code)
      ),
      articles AS (
        UPDATE "Article" a SET
          "feedPosition" = f."position",
          "commentCount" = a."commentCount" + f."countChange"
        FROM unnest(
          ${feeds}::uuid[],
          ${counters.map(({ feedPosition }) => feedPosition)}::int[],
          ${counters.map(({ countChange }) => countChange)}::int[]
        ) AS f("articleId", "position", "countChange")
        WHERE a."id" = f."articleId"
        RETURNING a."id"
      )
      INSERT INTO "FeedEntry" ("articleId", "position", "kind", "commentId", "at")
      SELECT made."articleId", made."position",
        CASE WHEN ${verdict} = 'APPROVED' THEN 'APPROVED' ELSE 'RETRACTED' END::"FeedKind", made."commentId", ${at}
      FROM made JOIN articles ON articles."id" = made."articleId"
      WHERE made."position" IS NOT NULL
      ORDER BY made."articleId", made."position"`
  }

  #advance(articleId: string, verdict: DecisionInput['verdict']): number {
    const counters = this.#counters.get(articleId) as FeedCounters
    counters.feedPosition += 1
    counters.countChange += verdict === 'APPROVED' ? 1 : -1
    counters.advanced = true
    return counters.feedPosition
  }
}

/** Cleans a note like a comment, because both are shown on the same page. */
function cleanedNote(note: string | null | undefined): string | null {
  const text = normaliseText(note ?? '')
  return isBlank(text) ? null : text
}
