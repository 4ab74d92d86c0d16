import { InvalidInput } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { rowIdOrSlug } from '../graphql/ids.ts'
import type { ArticleChanges } from './article-input.ts'

/** Resolves the slug or id of a person or organisation to its slug. An error names the field of the input. */
export interface References {
  person(text: string, field: 'people' | 'blocks'): string
  organisation(text: string, field: 'organisations' | 'blocks'): string
}

/**
 * Looks up the people and organisations that a draft names by id.
 * @returns functions that throw InvalidInput for an unknown id
 */
export async function referencesIn(
  changes: ArticleChanges,
  db: Pick<PrismaClient, 'entity'>,
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
  const ids = (typename: Typename, texts: (string | null | undefined)[]) => ({
    kind: kindOf[typename],
    id: { in: texts.flatMap((text) => idIn(typename, text) ?? []) },
  })
  const rows = await db.entity.findMany({
    where: { OR: [ids('Person', people), ids('Organisation', organisations)] },
    select: { kind: true, id: true, slug: true },
  })
  const found = new Map(rows.map(({ kind, id, slug }) => [`${kind} ${id}`, slug]))
  const slugOf = (typename: Typename) => (text: string, field: string) => {
    const id = idIn(typename, text)
    const slug = id === undefined ? text : found.get(`${kindOf[typename]} ${id}`)
    if (slug === undefined) throw new InvalidInput(field, `There is no ${typename.toLowerCase()} "${text}".`)
    return slug
  }
  return { person: slugOf('Person'), organisation: slugOf('Organisation') }
}

const kindOf = { Person: 'PERSON', Organisation: 'ORGANISATION' } as const

type Typename = keyof typeof kindOf

function idIn(typename: Typename, text: string | null | undefined): string | undefined {
  if (text == null) return undefined
  const key = rowIdOrSlug(typename, text)
  return 'id' in key ? key.id : undefined
}
