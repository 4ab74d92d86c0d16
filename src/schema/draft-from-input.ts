import type { ArticleDraft, BlockDraft, ImageDraft, QuotationDraft, TopicDraft } from '../articles/draft.ts'
import { fieldsWith } from '../articles/fields.ts'
import { InvalidInput } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { storedImageUrl } from '../editing/image-rights.ts'
import { checkLimits } from '../editing/limits.ts'
import type { ArticleChanges } from './article-input.ts'
import type { Block } from './block-input.ts'
import { type References, referencesIn } from './input-references.ts'

/** The parts of a draft that a version may change. */
export type DraftChanges = Partial<Omit<ArticleDraft, 'slug' | 'canonicalUrl' | 'ownUrl'>>

/**
 * Converts an editor's changes to parts of a draft: only the given fields; undefined removes a value.
 * @throws InvalidInput with the field that is invalid
 */
export async function draftChanges(
  changes: ArticleChanges,
  db: Pick<PrismaClient, 'entity' | 'topic'>,
  publicUrl: string,
): Promise<DraftChanges> {
  checkLimits(changes)
  for (const field of fieldsWith({ edited: true, required: true })) {
    if (changes[field] === null)
      throw new InvalidInput(
        field,
        `"${field}" can't be null. Give a value, or omit the field to keep the current one.`,
      )
  }
  const references = await referencesIn(changes, db)
  const { dateline, topic, leadImage, blocks, people, organisations, ...articleFields } = changes
  const image = imageIn(publicUrl)
  return {
    ...nullless(articleFields),
    ...given('dateline', dateline, stated),
    ...(topic === undefined ? {} : { topic: topic === null ? undefined : await topicOf(topic, db) }),
    ...given('leadImage', leadImage, image),
    ...given('blocks', blocks, (all) => all.map((block) => blockOf(block, references, image))),
    ...given('people', people, (all) =>
      all.map(({ person, ...named }) => ({ ...stated(named), person: references.person(person, 'people') })),
    ),
    ...given('organisations', organisations, (all) =>
      all.map(({ organisation, namedIn }) => ({
        organisation: references.organisation(organisation, 'organisations'),
        namedIn,
      })),
    ),
  }
}

/** The converted field if it was given; undefined if it is null. */
function given<Name extends string, In, Out>(
  name: Name,
  value: In | null | undefined,
  convert: (value: In) => Out,
): Partial<Record<Name, Out>> {
  if (value === undefined) return {}
  return { [name]: value === null ? undefined : convert(value) } as Partial<Record<Name, Out>>
}

type Nullless<T> = { [Key in keyof T]: Exclude<T[Key], null> }

/** The same fields, with undefined instead of null. */
function nullless<T extends object>(value: T): Nullless<T> {
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, part ?? undefined]),
  ) as Nullless<T>
}

/** The fields that have a value. */
function stated<T extends object>(value: T): Nullless<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part != null)) as Nullless<T>
}

async function topicOf(
  { slug, name }: NonNullable<ArticleChanges['topic']>,
  db: Pick<PrismaClient, 'topic'>,
): Promise<TopicDraft> {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) {
    throw new InvalidInput(
      'topic.slug',
      `"${slug}" is not a slug: use lower-case letters, digits and hyphens.`,
    )
  }
  if (name?.trim()) return { slug, label: name }
  const stored = await db.topic.findUnique({ where: { slug }, select: { slug: true, label: true } })
  if (!stored)
    throw new InvalidInput('topic.name', `There is no topic "${slug}". Give its name to create it.`)
  return stored
}

type ImageGiven = NonNullable<ArticleChanges['leadImage']>

function imageIn(publicUrl: string) {
  return (image: ImageGiven): ImageDraft => ({ ...stated(image), url: storedImageUrl(image.url, publicUrl) })
}

function blockOf(block: Block, references: References, image: (image: ImageGiven) => ImageDraft): BlockDraft {
  if (block.paragraph) return { kind: 'PARAGRAPH', text: block.paragraph.text }
  if (block.heading) return { kind: 'HEADING', text: block.heading.text, level: levelOf(block.heading.level) }
  if (block.quotation) return quotationOf(block.quotation, references)
  if (block.image) return { kind: 'IMAGE', image: image(block.image) }
  return { kind: 'EMBED', embed: stated(block.embed) }
}

function levelOf(level: number): 2 | 3 | 4 | 5 | 6 {
  if (level === 2 || level === 3 || level === 4 || level === 5 || level === 6) return level
  throw new InvalidInput('blocks', 'The level of a heading must be from 2 to 6.')
}

function quotationOf(
  { text, speaker, roleAsPrinted, direct, via }: NonNullable<Block['quotation']>,
  { person, organisation }: References,
): QuotationDraft {
  return {
    kind: 'QUOTATION',
    text,
    direct,
    ...(speaker && {
      speaker: speaker.person
        ? { person: person(speaker.person, 'blocks') }
        : { organisation: organisation(speaker.organisation ?? '', 'blocks') },
    }),
    ...(roleAsPrinted != null && { roleAsPrinted }),
    ...(via && {
      via: {
        text: via.text,
        ...(via.organisation != null && { organisation: organisation(via.organisation, 'blocks') }),
      },
    }),
  }
}
