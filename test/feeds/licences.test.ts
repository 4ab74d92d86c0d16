import fc from 'fast-check'
import { expect, test } from 'vitest'
import { publicTerms } from '../../src/licensing/terms.ts'
import { project } from '../../src/syndication/project.ts'
import { anyTerms, markedStory, partnerWith } from '../syndication/random-article.ts'
import { feedOf, inEveryFormat } from './every-format.ts'

const NOW = new Date('2026-02-01T00:00:00Z')

test('no fact that a partner has no right to is in a byte of any format, and every other fact is somewhere', async () => {
  await fc.assert(
    fc.asyncProperty(markedStory, anyTerms, async ({ story, facts }, terms) => {
      const audience = partnerWith(terms)
      const version = project(story, audience, NOW)
      const written = await inEveryFormat(feedOf(version ? [version] : []))
      const leaks = facts
        .filter((fact) => !version || !fact.isFor(audience))
        .flatMap(({ word, what }) =>
          [...written].filter(([, text]) => text.includes(word)).map(([format]) => `${what} in ${format}`),
        )
      const all = [...written.values()].join('\n')
      const missing = facts
        .filter((fact) => version && fact.mustShow && fact.isFor(audience) && !all.includes(fact.word))
        .map(({ what }) => what)
      expect({ leaks, missing }).toEqual({ leaks: [], missing: [] })
    }),
    { numRuns: 400 },
  )
})

test('the version itself, which other transports send, has none of them either', () => {
  fc.assert(
    fc.property(markedStory, anyTerms, ({ story, facts }, terms) => {
      const audience = partnerWith(terms)
      const text = JSON.stringify(project(story, audience, NOW))
      const leaks = facts.filter((fact) => !fact.isFor(audience) && text.includes(fact.word))
      expect(leaks.map(({ what }) => what)).toEqual([])
    }),
    { numRuns: 400 },
  )
})

test('a mention in what is left stands where the text has it, and none is lost', () => {
  fc.assert(
    fc.property(markedStory, anyTerms, ({ story }, terms) => {
      const version = project(story, partnerWith(terms), NOW)
      const kept = version?.body.filter((block) => 'mentions' in block) ?? []
      for (const { text, mentions } of kept) {
        const found = mentions.map(({ start, end }) => text.slice(start, end))
        expect(found).toEqual(mentions.map(({ surface }) => surface))
      }
      const before = story.body.filter(
        (block) => 'mentions' in block && (block.kind !== 'QUOTATION' || terms.quotations),
      )
      if (kept.length > 0) expect(kept.map(countMentions)).toEqual(before.map(countMentions))
    }),
    { numRuns: 400 },
  )
})

function countMentions(block: { kind: string; mentions?: unknown[] }): number {
  return block.mentions?.length ?? 0
}

test('the public feeds have no body, in any format', async () => {
  await fc.assert(
    fc.asyncProperty(markedStory, async ({ story, facts }) => {
      const version = project({ ...story, leadImage: null }, { kind: 'public' }, NOW)
      const written = [...(await inEveryFormat(feedOf(version ? [version] : []))).values()].join('\n')
      // Readers see whom the whole story names; words of its body they read on the page.
      const words = facts.filter(({ mustShow, isFor }) => mustShow && !isFor(partnerWith({ ...publicTerms })))
      expect(words.filter(({ word }) => written.includes(word)).map(({ what }) => what)).toEqual([])
    }),
    { numRuns: 100 },
  )
})
