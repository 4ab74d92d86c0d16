import { InvalidInput } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { rowIdOrSlug } from '../graphql/ids.ts'
import type { ArticleChanges } from './article-input.ts'

/** Resolves the slug or id of a person or organisation to its slug. */
export interface References {
  person(text: string): string
  organisation(text: string): string
}

/**
 * Looks up the people and organisations that a draft names by id.
 * @returns functions that throw InvalidInput for an unknown id
 */
export async function referencesIn(
  changes: ArticleChanges,
  db: Pick<PrismaClient, 'person' | 'organisation'>,
): Promise<References> {
  const quotations = (changes.blocks ?? []).flatMap(({ quotation }) => quotation ?? [])
  const people = [
    ...(changes.people ?? []).map(({ person }) => person),
    ...quotations.map(({ speaker }) => speaker?.person),
  ]
  const organisations = [
    ...(changes.organisations ?? []).map(({ organisation }) => organisation),
    ...quotations.flatMap(({ speaker, via }) => [speaker?.organisation, via?.organisation]),
  ]
  const select = { id: true, slug: true } as const
  const ids = (typename: string, texts: (string | null | undefined)[]) => ({
    where: { id: { in: texts.flatMap((text) => idIn(typename, text) ?? []) } },
    select,
  })
  const found = new Map(
    [
      ...(await db.person.findMany(ids('Person', people))),
      ...(await db.organisation.findMany(ids('Organisation', organisations))),
    ].map(({ id, slug }) => [id, slug]),
  )
  const slugOf = (typename: string, field: string) => (text: string) => {
    const id = idIn(typename, text)
    const slug = id === undefined ? text : found.get(id)
    if (slug === undefined) throw new InvalidInput(field, `There is no ${typename.toLowerCase()} "${text}".`)
    return slug
  }
  return { person: slugOf('Person', 'people'), organisation: slugOf('Organisation', 'organisations') }
}

function idIn(typename: string, text: string | null | undefined): string | undefined {
  if (text == null) return undefined
  const key = rowIdOrSlug(typename, text)
  return 'id' in key ? key.id : undefined
}
