import { openDesk } from '../editing/desk.ts'
import type { TestApp } from '../support/app.ts'
import { until } from '../support/until.ts'

/** Waits until a gateway has so many live subscriptions, each in a group. */
export async function watching(app: TestApp, count: number, groups = Math.min(count, 1)): Promise<void> {
  const read = () => {
    const { articleChanges, queueEvents } = app.services
    const counters = [...Object.values(articleChanges.counters), queueEvents.counters]
    return {
      subscriptions: counters.reduce((sum, { subscriptions }) => sum + subscriptions, 0),
      groups: articleChanges.groups + queueEvents.groups,
    }
  }
  await until(read, { subscriptions: count, groups })
}

type Step = [name: Parameters<Awaited<ReturnType<typeof openDesk>>['order']>[0], input?: object]

/** Edits an article, one step after the other, from a version on. Returns the last version. */
export async function edit(app: TestApp, id: string, version: number, steps: Step[]): Promise<number> {
  const desk = await openDesk(app)
  let last = version
  for (const [name, input] of steps) {
    const outcome = await desk.order(name, { id, version: last, ...input })
    if (typeof outcome.version !== 'number' || !outcome.changed) throw new Error(JSON.stringify(outcome))
    last = outcome.version
  }
  return last
}

export const correction: Step = ['CorrectArticle', { kind: 'CORRECTION', text: 'The name was misspelt.' }]
export const withhold: Step = ['WithholdArticle']
export const release: Step = ['ReleaseArticle']

export function headline(text: string): Step {
  return ['UpdateArticle', { changes: { headline: text } }]
}
