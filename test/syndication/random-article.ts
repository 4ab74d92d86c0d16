import fc from 'fast-check'
import type { Audience } from '../../src/licensing/audience.ts'
import type { Terms } from '../../src/licensing/terms.ts'
import type {
  ArticleBlock,
  ArticleMention,
  EntityAppearance,
  FullArticle,
  ImageWithRights,
  LicensedEntity,
} from '../../src/syndication/licensed-article.ts'
import { everyText } from '../support/texts.ts'

type PartnerAudience = Extract<Audience, { kind: 'partner' }>

/** A story in which every fact is a word that occurs nowhere else, with who may have each. */
export interface MarkedStory {
  story: FullArticle
  facts: Fact[]
}

export interface Fact {
  /** Letters and digits, so that no format needs to escape it. */
  word: string
  /** What it is, for the report of a failure. */
  what: string
  /** Whether a partner that may have the story may have it. Worked out from the plan, not by the code under test. */
  isFor(audience: PartnerAudience): boolean
  /** Whether whoever may have it must find it in some format. */
  mustShow: boolean
}

export const SLUG = 'ourpartner'
const AGENCIES = ['agencyalpha', 'agencybeta', 'agencygamma']

interface PicturePlan {
  address: number
  syndicatable: boolean
  forUs: boolean
  agencies: string[]
  inCaption: number | null
  inCredit: number | null
}

type BlockPlan =
  | { kind: 'PARAGRAPH' | 'HEADING'; names: number[]; address: number | null }
  | { kind: 'QUOTATION'; names: number[]; speaker: number | null; via: number | null }
  | { kind: 'IMAGE'; picture: PicturePlan }
  | { kind: 'EMBED'; address: number | null }

interface StoryPlan {
  language: string
  path: string[]
  byline: number | null
  inHeadline: number | null
  lead: PicturePlan | null
  blocks: BlockPlan[]
}

const who = fc.nat(3)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })

const picture: fc.Arbitrary<PicturePlan> = fc.record({
  address: fc.nat(3),
  syndicatable: fc.boolean(),
  forUs: fc.boolean(),
  agencies: fc.subarray(AGENCIES, { maxLength: 2 }),
  inCaption: maybe(who),
  inCredit: maybe(who),
})

const block: fc.Arbitrary<BlockPlan> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('PARAGRAPH' as const, 'HEADING' as const),
    names: fc.uniqueArray(who, { maxLength: 2 }),
    address: maybe(fc.nat(3)),
  }),
  fc.record({
    kind: fc.constant('QUOTATION' as const),
    names: fc.uniqueArray(who, { maxLength: 1 }),
    speaker: maybe(who),
    via: maybe(who),
  }),
  fc.record({ kind: fc.constant('IMAGE' as const), picture }),
  fc.record({ kind: fc.constant('EMBED' as const), address: maybe(fc.nat(3)) }),
)

const plan: fc.Arbitrary<StoryPlan> = fc.record({
  language: fc.constantFrom('en', 'ckb', 'ar', 'tr'),
  path: fc.constantFrom(['news'], ['news', 'health'], ['sport']),
  byline: maybe(who),
  inHeadline: maybe(who),
  lead: maybe(picture),
  blocks: fc.array(block, { maxLength: 7 }),
})

/** Any story, marked. */
export const markedStory: fc.Arbitrary<MarkedStory> = plan.map(build)

/** Any licence: most cover most stories, so that what is left of them is looked at. */
export const anyTerms: fc.Arbitrary<Terms> = fc.record<Terms>({
  topics: fc.constantFrom(['*'], ['*'], ['news'], ['health']),
  sections: fc.constantFrom(['*'], ['*'], ['news']),
  languages: fc.constantFrom(['*'], ['*'], ['en', 'ckb']),
  agencies: fc.oneof(fc.constant<string[]>(['*']), fc.subarray(AGENCIES), fc.subarray(AGENCIES)),
  fullText: fc.oneof(
    { weight: 3, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  quotations: fc.boolean(),
  embeds: fc.boolean(),
  validFrom: fc.constant(null),
  validUntil: fc.constant(null),
  retentionDays: fc.constant(null),
  attribution: fc.constantFrom('', 'From our newsroom.'),
})

export function partnerWith(terms: Terms): PartnerAudience {
  return { kind: 'partner', id: '00000000-0000-7000-8000-0000000000aa', slug: SLUG, terms }
}

type MayHave = (audience: PartnerAudience) => boolean

/** Writes the story of a plan, and notes for each word in which places it stands. */
function build({ language, path, byline, inHeadline, lead, blocks }: StoryPlan): MarkedStory {
  const places = new Map<string, { what: string; mustShow: boolean; isFor: MayHave[] }>()
  let count = 0
  const fresh = () => {
    count += 1
    return `fact${String(count).padStart(4, '0')}x`
  }
  const note = (word: string, what: string, isFor: MayHave, mustShow = false) => {
    const known = places.get(word) ?? { what, mustShow, isFor: [] }
    known.isFor.push(isFor)
    known.mustShow ||= mustShow
    places.set(word, known)
    return word
  }
  const say = (what: string, isFor: MayHave) => note(fresh(), what, isFor, true)

  const pool = [0, 1, 2, 3].map((i): LicensedEntity & { alias: string } => ({
    kind: i % 2 === 0 ? 'PERSON' : 'ORGANISATION',
    id: `0000000${i}-0000-7000-8000-000000000000`,
    slug: `slug-${fresh()}`,
    name: `Name ${fresh()}`,
    alias: `Alias ${fresh()}`,
  }))
  const entityOf = ({ alias: _, ...entity }: LicensedEntity & { alias: string }): LicensedEntity => entity
  const named: EntityAppearance[] = []
  /** Somebody is named in a place, and may be known wherever one may be in it. */
  const name = (index: number, namedIn: EntityAppearance['namedIn'], isFor: MayHave, byAlias = false) => {
    const whom = pool[index]!
    for (const word of [whom.id, whom.slug.slice(5), whom.name.slice(5)]) note(word, 'somebody', isFor)
    if (byAlias) note(whom.alias.slice(6), 'an alias', isFor)
    const role = note(fresh(), 'a role', isFor)
    const known = named.find(({ entity, namedIn: at }) => entity.id === whom.id && at === namedIn)
    if (known) known.rolesAsPrinted.push(role)
    else named.push({ entity: entityOf(whom), namedIn, rolesAsPrinted: [role] })
    return { whom, role }
  }

  const all = [
    ...(lead ? [lead] : []),
    ...blocks.flatMap((each) => (each.kind === 'IMAGE' ? [each.picture] : [])),
  ]
  const addresses = [0, 1, 2, 3].map((i) => `https://pictures.example/a/${fresh()}.jpg?size=1&n=${i}`)
  /** Refused once, refused everywhere. */
  const isFree = (address: number): MayHave => {
    return (audience) => all.every((each) => each.address !== address || isLicensed(each, audience))
  }
  const noteAddress = (address: number, place: MayHave) =>
    note(/fact\d+x/.exec(addresses[address]!)![0], 'an address of a picture', (audience) => {
      return isFree(address)(audience) && place(audience)
    })

  /** Of two pictures with one address, formats that list pictures show the first. */
  const shown = new Set<number>()
  const write = (plan: PicturePlan, place: MayHave): ImageWithRights => {
    const isListed = !shown.has(plan.address)
    shown.add(plan.address)
    const isFor: MayHave = (audience) => isFree(plan.address)(audience) && place(audience)
    noteAddress(plan.address, place)
    const inCaption = plan.inCaption === null ? null : name(plan.inCaption, 'CAPTION', isFor)
    const inCredit = plan.inCredit === null ? null : name(plan.inCredit, 'CREDIT', isFor)
    for (const agency of plan.agencies) note(agency, 'an agency', isFor)
    return {
      url: addresses[plan.address]!,
      alt: note(fresh(), 'an alt text', isFor, isListed),
      caption: `${say('a caption', isFor)} ${inCaption ? `${inCaption.whom.name}, ${inCaption.role}` : ''}`,
      photographer: inCredit ? inCredit.whom.name : note(fresh(), 'a photographer', isFor, isListed),
      agency: plan.agencies.join(' / ') || null,
      credit: `${say('a credit', isFor)} ${inCredit ? `${inCredit.whom.name} ${inCredit.role}` : ''}`,
      usageTerms: note(fresh(), 'usage terms', isFor, isListed),
      syndicatable: plan.syndicatable,
      partners: [note(fresh(), 'another partner', () => false), ...(plan.forUs ? [SLUG] : [])],
    }
  }

  const fullText: MayHave = ({ terms }) => terms.fullText
  const quotations: MayHave = ({ terms }) => terms.fullText && terms.quotations
  const embeds: MayHave = ({ terms }) => terms.fullText && terms.embeds
  const anybody: MayHave = () => true

  /** A text that begins with an address, names people behind it, and so has mentions that move without it. */
  const prose = (
    what: string,
    { names, address }: { names: number[]; address: number | null },
    isFor: MayHave,
  ) => {
    if (address !== null) noteAddress(address, isFor)
    let text = address === null ? say(what, isFor) : `${addresses[address]} ${say(what, isFor)}`
    const mentions: ArticleMention[] = []
    for (const [i, index] of names.entries()) {
      const { whom, role } = name(index, 'ARTICLE', isFor, i === 1)
      const surface = i === 1 ? whom.alias : whom.name
      text += ' '
      mentions.push({
        start: text.length,
        end: text.length + surface.length,
        surface,
        roleAsPrinted: role,
        entity: entityOf(whom),
      })
      text += `${surface}, ${role},`
    }
    return { text, mentions }
  }

  const writeBlock = (each: BlockPlan): ArticleBlock<ImageWithRights> => {
    switch (each.kind) {
      case 'PARAGRAPH':
        return { kind: 'PARAGRAPH', ...prose('a paragraph', each, fullText) }
      case 'HEADING':
        return { kind: 'HEADING', level: 3, ...prose('a heading', each, fullText) }
      case 'IMAGE':
        return { kind: 'IMAGE', image: write(each.picture, fullText) }
      case 'QUOTATION': {
        const { names, speaker, via } = each
        const said = prose('a quotation', { names, address: null }, quotations)
        const by = speaker === null ? null : name(speaker, 'ARTICLE', quotations)
        const relayed = via === null ? null : name(via, 'ARTICLE', quotations)
        return {
          kind: 'QUOTATION',
          ...said,
          quotation: {
            speaker: by && entityOf(by.whom),
            roleAsPrinted: by?.role ?? null,
            direct: true,
            via: relayed ? `${say('who relayed', quotations)} ${relayed.role}` : null,
            viaOrganisation: relayed && entityOf(relayed.whom),
          },
        }
      }
      case 'EMBED':
        if (each.address !== null) noteAddress(each.address, embeds)
        return {
          kind: 'EMBED',
          embed: {
            provider: say('a network', embeds),
            url:
              each.address === null
                ? `https://posts.example/${say('a post', embeds)}`
                : addresses[each.address]!,
            authorName: say('an author', embeds),
            handle: `@${say('a handle', embeds)}`,
            text: say('the text of a post', embeds),
            postedAt: null,
          },
        }
    }
  }

  const inTitle = inHeadline === null ? null : name(inHeadline, 'ARTICLE', anybody)
  const by = byline === null ? null : name(byline, 'BYLINE', anybody)
  const dateline = say('a dateline', anybody)
  const story: FullArticle = {
    id: '0000000f-0000-7000-8000-000000000000',
    slug: `story-${say('a slug', anybody)}`,
    url: `https://news.example/${say('an address', anybody)}`,
    language,
    version: 3,
    status: 'USABLE',
    ...everyText((text) =>
      text === 'byline' && by ? `${by.whom.name}, ${by.role}` : say(`a ${text}`, anybody),
    ),
    headline: `${say('a headline', anybody)} ${inTitle ? `${inTitle.whom.name}, ${inTitle.role}` : ''}`,
    dateline: { text: dateline, place: dateline, region: dateline },
    topic: { slug: path.at(-1)!, label: say('a topic', anybody), path },
    publishedAt: new Date('2026-01-01T00:00:00Z'),
    updatedAt: new Date('2026-01-02T00:00:00Z'),
    embargoedUntil: null,
    leadImage: lead && write(lead, anybody),
    body: blocks.map(writeBlock),
    corrections: [
      {
        kind: 'CORRECTION',
        text: say('a correction', anybody),
        version: 2,
        at: new Date('2026-01-02T00:00:00Z'),
      },
    ],
    people: named.filter(({ entity }) => entity.kind === 'PERSON'),
    organisations: named.filter(({ entity }) => entity.kind === 'ORGANISATION'),
  }
  const facts = [...places].map(([word, { what, mustShow, isFor }]): Fact => {
    return { word, what, mustShow, isFor: (audience) => isFor.some((mayHave) => mayHave(audience)) }
  })
  return { story, facts }
}

function isLicensed({ syndicatable, forUs, agencies }: PicturePlan, { terms }: PartnerAudience): boolean {
  if (syndicatable || forUs) return true
  return (
    agencies.length > 0 &&
    agencies.every((agency) => terms.agencies.some((each) => each === '*' || each === agency))
  )
}
