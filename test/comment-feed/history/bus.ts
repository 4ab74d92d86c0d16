import { parseCommentFeedHint } from '../../../src/changelog/comment-feed-hint.ts'
import type { Database } from '../../../src/db/database.ts'
import type { Fate } from './plan.ts'

/** A database whose notifications get lost, come twice, or come late and out of order, as planned per story. */
export function withLossyBus<D extends Database>(
  database: D,
): { database: D; plan(key: string, fates: Fate[]): void } {
  const plans = new Map<string, { fates: Fate[]; count: number; held: string[] }>()
  const listen: Database['listen'] = (channel, onPayload, onReconnect) =>
    database.listen(
      channel,
      (payload) => {
        const plan = plans.get(parseCommentFeedHint(payload)?.articleId ?? '')
        if (!plan) return onPayload(payload)
        const fate = plan.fates[plan.count++ % plan.fates.length]
        if (fate === 'late') return void plan.held.push(payload)
        if (fate === 'lost') return
        onPayload(payload)
        if (fate === 'twice') onPayload(payload)
        for (const late of plan.held.splice(0)) onPayload(late)
      },
      onReconnect,
    )
  return {
    database: { ...database, listen },
    plan: (key, fates) => void plans.set(key, { fates, count: 0, held: [] }),
  }
}
