import type { TestApp } from '../../support/app.ts'
import { relicense } from '../../support/partner.ts'
import type { Step, TermsPlan } from './plan.ts'

const HOUR = 3_600_000

/** A story as this test knows it, by what it has done to it; the gateway is not asked. */
export interface KnownStory {
  id: string
  topic: 'a' | 'b'
  language: string
  headline: string
  agency: string | null
  picture: string
  corrections: number
  publishedAt: number
  status: 'USABLE' | 'WITHHELD' | 'CANCELED'
  embargoedUntil: number
  syndicatable: boolean
  named: boolean
  version: number
}

export interface NewsroomDeps {
  app: TestApp
  editor: string
  /** Of this history alone; topics and addresses carry it. */
  name: string
  partner: string
  clock: { now: number }
}

/** The newsroom of one history: does what a plan says, and keeps its own account of it. */
export class Newsroom {
  readonly stories: KnownStory[] = []
  terms: TermsPlan
  readonly #deps: NewsroomDeps

  constructor(deps: NewsroomDeps, terms: TermsPlan) {
    this.#deps = deps
    this.terms = terms
  }

  /** What a partner of this history may have now, by the id of the story. */
  licensed(): Map<
    string,
    { headline: string; picture: string | null; corrections: number; hasBody: boolean }
  > {
    const now = this.#deps.clock.now
    const { terms } = this
    const may = this.stories.filter(
      (story) =>
        story.status === 'USABLE' &&
        story.embargoedUntil <= now &&
        terms.topics.includes(story.topic) &&
        (terms.languages.includes('*') || terms.languages.includes(story.language.split('-')[0] as string)) &&
        (terms.retentionDays === null || now < story.publishedAt + terms.retentionDays * 24 * HOUR),
    )
    return new Map(
      may.map((story) => {
        const hasPicture =
          story.syndicatable ||
          story.named ||
          (story.agency !== null && terms.agencies.includes(story.agency))
        return [
          story.id,
          {
            headline: story.headline,
            picture: hasPicture ? story.picture : null,
            corrections: story.corrections,
            hasBody: terms.fullText,
          },
        ]
      }),
    )
  }

  async take(step: Exclude<Step, { kind: 'kill' | 'wait' }>): Promise<void> {
    const { app, name, partner, clock } = this.#deps
    switch (step.kind) {
      case 'publish':
        return this.#publish(step)
      case 'relicense':
        await relicense(app.database.prisma, partner, licenceOf(step.terms, name), () => new Date(clock.now))
        this.terms = step.terms
        return
      default:
        return this.#change(step)
    }
  }

  async #publish({
    topic,
    language,
    agency,
    embargoHours,
  }: Extract<Step, { kind: 'publish' }>): Promise<void> {
    const { name, clock } = this.#deps
    const number = this.stories.length
    const slug = `${name}-${number}`
    const picture = `https://pictures.example/${slug}.jpg`
    const embargoedUntil = embargoHours === null ? 0 : clock.now + embargoHours * HOUR
    const story: KnownStory = {
      id: '',
      topic,
      language,
      headline: `${slug}, first`,
      agency,
      picture,
      corrections: 0,
      publishedAt: clock.now,
      status: 'USABLE',
      embargoedUntil,
      syndicatable: false,
      named: false,
      version: 1,
    }
    const input = {
      slug,
      url: `https://news.example/${slug}`,
      language,
      headline: story.headline,
      topic: { slug: `${name}-${topic}`, name: topic },
      leadImage: { url: picture, agency },
      blocks: [{ paragraph: { text: `The text of ${slug}.` } }],
      publishedAt: new Date(clock.now).toISOString(),
      embargoedUntil: embargoedUntil === 0 ? null : new Date(embargoedUntil).toISOString(),
    }
    const edited = await this.#mutate('publishArticle', input)
    this.stories.push({ ...story, id: edited.article.id, version: edited.version })
  }

  async #change(step: Exclude<Step, { kind: 'publish' | 'relicense' | 'wait' | 'kill' }>): Promise<void> {
    const story = this.stories[step.who % this.stories.length] as KnownStory
    const seen = { id: story.id, version: story.version }
    const edit = async (mutation: string, more: object, then: () => void) => {
      const edited = await this.#mutate(mutation, { ...seen, ...more })
      story.version = edited.version
      then()
    }
    const headline = `${story.headline.split(',')[0]}, ${step.kind} on version ${story.version}`
    switch (step.kind) {
      case 'update':
        return edit('updateArticle', { changes: { headline } }, () => {
          story.headline = headline
        })
      case 'correct': {
        const correction = { kind: 'CORRECTION', text: `It was wrong in version ${story.version}.` }
        return edit('correctArticle', { ...correction, changes: { headline } }, () => {
          story.headline = headline
          story.corrections += 1
        })
      }
      case 'withhold':
        if (story.status === 'CANCELED') return
        return edit('withholdArticle', {}, () => {
          story.status = 'WITHHELD'
        })
      case 'release':
        if (story.status === 'CANCELED') return
        return edit('releaseArticle', {}, () => {
          story.status = 'USABLE'
        })
      case 'cancel':
        return edit('cancelArticle', {}, () => {
          story.status = 'CANCELED'
        })
      case 'close':
        return edit('setCommenting', { open: false }, () => {})
      case 'lift':
        return edit('embargoArticle', { until: null }, () => {
          story.embargoedUntil = 0
        })
      case 'embargo': {
        const until = this.#deps.clock.now + step.hours * HOUR
        const input = { until: new Date(until).toISOString() }
        return edit('embargoArticle', input, () => {
          story.embargoedUntil = until
        })
      }
      case 'syndicate': {
        const { syndicatable, named } = step
        const rights = { url: story.picture, syndicatable, partners: named ? [this.#deps.partner] : [] }
        const { changed } = await this.#mutate('setImageRights', rights)
        if (changed) story.version += 1
        Object.assign(story, { syndicatable, named })
      }
    }
  }

  async #mutate(mutation: string, input: object) {
    const { app, editor } = this.#deps
    const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`
    const fields = mutation === 'setImageRights' ? 'changed' : 'version article { id }'
    const success = `... on ${name}Payload { ${fields} }`
    const answer = await app.ask(
      `mutation ($input: ${name}Input!) { done: ${mutation}(input: $input) { ${success} ... on Error { message } } }`,
      { input },
      editor,
    )
    if ('message' in answer.done) throw new Error(`${mutation}: ${answer.done.message}`)
    return answer.done
  }
}

/** A plan's terms as a licence has them: topics are of the history alone. */
export function licenceOf(terms: TermsPlan, name: string) {
  return { ...terms, topics: terms.topics.map((topic) => `${name}-${topic}`) }
}
