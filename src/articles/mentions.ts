import type { FoundName, NameIndex } from '../names/link.ts'
import type { NameOwner } from '../names/name-entry.ts'
import type { ArticleDraft, NamedIn } from './draft.ts'
import { articleFields, textNames } from './fields.ts'
import { images } from './images.ts'
import { type EntityIds, entityIn } from './resolve.ts'

/** A mention in the text of a block. */
export interface BlockMention extends FoundName {
  /** Index of the block in the draft. */
  block: number
  roleAsPrinted?: string
}

/** A person or organisation in one part of the article. */
export interface EntityAppearance extends NameOwner {
  namedIn: NamedIn
  /** Empty for an organisation. */
  rolesAsPrinted: string[]
}

export interface ArticleMentions {
  mentions: BlockMention[]
  /** In the order of first mention: text, captions, credits, byline. */
  entities: EntityAppearance[]
}

/**
 * Finds the people and organisations that an article names: in its text, captions, credits and byline by the
 * name index, and those that the draft states.
 */
export function findMentions(draft: ArticleDraft, index: NameIndex, ids: EntityIds): ArticleMentions {
  const roles = printedRoles(draft, ids)
  const mentions = draft.blocks.flatMap((block, at) =>
    'text' in block ? mentionsIn(block.text, at, (text) => index.findNames(text, draft.language), roles) : [],
  )
  const entities = new AppearanceList()
  const noteText = (text: string | undefined, namedIn: NamedIn) => {
    for (const { owner } of index.findNames(text ?? '', draft.language)) entities.note(owner, namedIn)
  }

  for (const name of textNames) {
    const { namesCountTo } = articleFields[name]
    if (namesCountTo) noteText(draft[name], namesCountTo)
  }
  for (const { owner } of mentions) entities.note(owner, 'ARTICLE')
  for (const { speaker, roleAsPrinted } of quotations(draft)) {
    if (speaker) entities.note(entityIn(ids, speaker), 'ARTICLE', roleAsPrinted ? [roleAsPrinted] : [])
  }
  for (const image of images(draft)) {
    noteText(image.caption, 'CAPTION')
    noteText(image.credit ?? [image.photographer, image.agency].filter(Boolean).join(' / '), 'CREDIT')
  }
  for (const { person, namedIn, rolesAsPrinted } of draft.people ?? []) {
    entities.note(entityIn(ids, { person }), namedIn, rolesAsPrinted)
  }
  for (const { organisation, namedIn } of draft.organisations ?? []) {
    entities.note(entityIn(ids, { organisation }), namedIn)
  }
  return { mentions, entities: entities.inOrder() }
}

function mentionsIn(
  text: string,
  block: number,
  findNames: (text: string) => FoundName[],
  roles: Map<string, Set<string>>,
): BlockMention[] {
  return findNames(text).map((found) => {
    const printed = roles.get(found.owner.id)
    return { ...found, block, roleAsPrinted: printed && nearestRole(text, found, printed) }
  })
}

/** The maximum distance between a name and its role, in UTF-16 code units. */
const MAX_ROLE_DISTANCE_CHARACTERS = 40

function nearestRole(text: string, name: FoundName, roles: Set<string>): string | undefined {
  const lower = text.toLowerCase()
  let best: { role: string; gap: number } | undefined
  for (const role of roles) {
    const wanted = role.toLowerCase()
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
      const gap = at < name.start ? name.start - (at + wanted.length) : at - name.end
      const longer = best && gap === best.gap && role.length > best.role.length
      if (gap >= 0 && gap <= MAX_ROLE_DISTANCE_CHARACTERS && (!best || gap < best.gap || longer))
        best = { role, gap }
    }
  }
  return best?.role
}

/** The printed roles of each person, by row id. */
function printedRoles(draft: ArticleDraft, ids: EntityIds): Map<string, Set<string>> {
  const roles = new Map<string, Set<string>>()
  const add = (person: string, role: string) => {
    const { id } = entityIn(ids, { person })
    roles.set(id, (roles.get(id) ?? new Set()).add(role))
  }
  for (const { person, rolesAsPrinted } of draft.people ?? []) {
    for (const role of rolesAsPrinted ?? []) add(person, role)
  }
  for (const { speaker, roleAsPrinted } of quotations(draft)) {
    if (speaker && 'person' in speaker && roleAsPrinted) add(speaker.person, roleAsPrinted)
  }
  return roles
}

function quotations(draft: ArticleDraft) {
  return draft.blocks.filter((block) => block.kind === 'QUOTATION')
}

/** Collects appearances in the order of first mention. */
class AppearanceList {
  private readonly named = new Map<string, EntityAppearance>()

  /** @param roles printed roles; only those of people are kept */
  note({ kind, id }: NameOwner, namedIn: NamedIn, roles: string[] = []): void {
    const key = `${namedIn} ${id}`
    const named = this.named.get(key) ?? { kind, id, namedIn, rolesAsPrinted: [] }
    for (const role of kind === 'PERSON' ? roles : []) {
      if (!named.rolesAsPrinted.includes(role)) named.rolesAsPrinted.push(role)
    }
    this.named.set(key, named)
  }

  inOrder(): EntityAppearance[] {
    const places: NamedIn[] = ['ARTICLE', 'CAPTION', 'CREDIT', 'BYLINE']
    return places.flatMap((place) => [...this.named.values()].filter(({ namedIn }) => namedIn === place))
  }
}
