import { isInputObjectType, isObjectType } from 'graphql'
import { describe, expect, test } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { articleFields, type FieldName, fieldsWith } from '../../src/articles/fields.ts'
import { draftOf, revisionOf, sameContent } from '../../src/articles/snapshot.ts'
import { schema } from '../../src/schema/schema.ts'
import { articleJson } from '../../src/syndication/article-json.ts'
import { wholeStory } from '../feeds/whole-story.ts'

// The list of an article's fields against the places that have a field each.

/** The compiler refuses this if the list lacks a field of the draft, or has one that the draft lacks. */
const unlisted: Record<Exclude<keyof ArticleDraft, FieldName>, true> &
  Record<Exclude<FieldName, keyof ArticleDraft>, never> = {
  slug: true,
  canonicalUrl: true,
  ownUrl: true,
}

const names = Object.keys(articleFields) as FieldName[]

/** The names in output, where they differ. */
const outputName = (name: FieldName) => (name === 'blocks' ? 'body' : name)

function fieldsOf(typename: string): string[] {
  const type = schema.getType(typename)
  if (!isObjectType(type) && !isInputObjectType(type)) throw new Error(`there is no type ${typename}`)
  return Object.keys(type.getFields())
}

test('the list has every field of a draft but those that identify the article', () => {
  for (const name of Object.keys(unlisted)) expect(names).not.toContain(name)
  expect(new Set(names).size).toBe(names.length)
})

describe('a field of an article', () => {
  // Comment settings are fields of their own: see schema/comment.ts.
  test.each(names.filter((name) => name !== 'commenting'))('is shown to readers: %s', (name) => {
    expect(fieldsOf('Article')).toContain(outputName(name))
  })

  test.each(names)('is an input exactly if it is edited: %s', (name) => {
    const { edited } = articleFields[name]
    expect(fieldsOf('ArticleChangesInput').includes(name)).toBe(edited)
    if (edited) expect(fieldsOf('PublishArticleInput')).toContain(name)
  })

  test.each(names)('is sent to partners exactly if it is licensed: %s', (name) => {
    const { licensed } = articleFields[name]
    expect(fieldsOf('LicensedArticle').includes(outputName(name))).toBe(licensed)
    expect(Object.keys(articleJson(wholeStory)).includes(outputName(name))).toBe(licensed)
  })
})

const AT = new Date('2026-01-02T03:04:05Z')
const draft: ArticleDraft = {
  slug: 'a-story',
  canonicalUrl: 'https://news.example/a-story',
  language: 'en',
  headline: 'Headline',
  publishedAt: AT,
  blocks: [],
}

test.each(fieldsWith({ kind: 'text' }))('a text is content, and stays in a revision: %s', (name) => {
  const changed = { ...draft, [name]: 'Changed' }
  expect(sameContent(draft, changed)).toBe(false)
  expect(draftOf(revisionOf(changed).snapshot as never)[name]).toBe('Changed')
})

test.each(fieldsWith({ kind: 'date' }))('a date is a date again when a revision is read: %s', (name) => {
  const { snapshot } = revisionOf({ ...draft, [name]: AT })
  expect(draftOf(snapshot as never)[name]).toEqual(AT)
})

test('the list is read by properties, in its order', () => {
  expect(fieldsWith({ kind: 'text', required: true })).toEqual(['headline'])
  expect(fieldsWith({ content: false })).toEqual(['updatedAt', 'embargoedUntil', 'status', 'commenting'])
})
