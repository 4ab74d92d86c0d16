import { describe, expect, test } from 'vitest'
import { articles } from '../../src/sample/articles/index.ts'
import { comments, readers } from '../../src/sample/comments.ts'

const guidelines = new Set([
  'RELEVANCE',
  'PROFANITY',
  'THREATS',
  'PERSONAL_ATTACKS',
  'VULGARITY',
  'ABUSE',
  'PROMOTION',
])

describe('the sample comments', () => {
  test('are in every state, most of them approved', () => {
    const approved = comments.filter(({ fate }) => fate === 'approved')
    expect(approved.length).toBeGreaterThanOrEqual(25)
    expect(approved.filter(({ article }) => article === articles[0]!.slug).length).toBeGreaterThanOrEqual(12)
    expect(comments.filter(({ fate }) => fate === 'pending').length).toBeGreaterThanOrEqual(6)
    expect(comments.filter(({ fate }) => typeof fate === 'object' && 'retracted' in fate)).toHaveLength(1)
  })

  test('break each guideline at least once, and name only guidelines there are', () => {
    const broken = comments.flatMap(({ fate }) =>
      typeof fate === 'string' ? [] : 'rejected' in fate ? fate.rejected : fate.retracted,
    )
    expect(new Set(broken)).toEqual(guidelines)
  })

  test('are by known readers under stories that the public sees and that take comments', () => {
    for (const { article, reader } of comments) {
      const commented = articles.find(({ slug }) => slug === article)
      expect(commented, article).toBeDefined()
      expect(commented?.status ?? 'USABLE').toBe('USABLE')
      expect(commented?.commenting?.open ?? true).toBe(true)
      expect(readers[reader], reader).toBeTruthy()
    }
    expect(Object.keys(readers).filter((key) => !comments.some(({ reader }) => reader === key))).toEqual([])
  })

  test('answer only earlier, approved comments under the same story', () => {
    const keys = comments.flatMap(({ key }) => key ?? [])
    expect(new Set(keys).size).toBe(keys.length)
    for (const [at, comment] of comments.entries()) {
      if (!comment.parent) continue
      const parent = comments.slice(0, at).find(({ key }) => key === comment.parent)
      expect(parent?.fate, comment.body).toBe('approved')
      expect(parent?.article).toBe(comment.article)
      expect(parent!.minutesAfterPublication).toBeLessThan(comment.minutesAfterPublication)
    }
  })
})
