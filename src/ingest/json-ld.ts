import type { PageDocument } from './dom.ts'
import { mendJson } from './mend-json.ts'
import { MAX_LINKED_DATA_CHARACTERS, MAX_LINKED_NODES, MAX_VALUES } from './page-limits.ts'

/** A node of linked data: properties by their schema.org names. */
export type LinkedNode = { [property: string]: unknown }

/** The JSON-LD of a page, from all of its scripts, including repaired ones. */
export class LinkedData {
  private readonly nodes: LinkedNode[] = []
  private readonly byId = new Map<string, LinkedNode>()

  constructor(document: PageDocument) {
    let characters = 0
    for (const script of document.querySelectorAll('script')) {
      if (!/^\s*application\/(?:[\w.-]+\+)?ld\+json/i.test(script.getAttribute('type') ?? '')) continue
      const text = script.textContent ?? ''
      characters += text.length
      if (characters > MAX_LINKED_DATA_CHARACTERS) break
      for (const value of mendJson(text)) this.collect(value, 0)
    }
  }

  /** Every node of one of these types, in the order of the page. */
  ofType(isType: (type: string) => boolean): LinkedNode[] {
    return this.nodes.filter((node) => typesOf(node).some(isType))
  }

  /** The values of a property: always a list, with references to other nodes followed. */
  values(node: LinkedNode | undefined, property: string): unknown[] {
    const value = node?.[property] ?? node?.[`schema:${property}`]
    const list = Array.isArray(value) ? value.slice(0, MAX_VALUES).flat().slice(0, MAX_VALUES) : [value]
    return list
      .filter((each) => each !== undefined && each !== null && each !== '')
      .map((each) => {
        const id = isNode(each) && Object.keys(each).length === 1 ? each['@id'] : undefined
        return typeof id === 'string' ? (this.byId.get(id) ?? each) : each
      })
  }

  /** The first text in these properties, also in `@value`. */
  text(node: LinkedNode | undefined, ...properties: string[]): string | undefined {
    for (const property of properties) {
      for (const value of this.values(node, property)) {
        const text = isNode(value) ? value['@value'] : value
        if (typeof text === 'string' && text.trim() !== '') return text.trim()
        if (typeof text === 'number') return String(text)
      }
    }
    return undefined
  }

  private collect(value: unknown, depth: number): void {
    if (depth > 6 || this.nodes.length >= MAX_LINKED_NODES) return
    if (Array.isArray(value)) for (const each of value) this.collect(each, depth + 1)
    if (!isNode(value)) return
    const id = value['@id']
    const known = typeof id === 'string' ? this.byId.get(id) : undefined
    // A bare reference must not hide the node it refers to.
    if (typeof id === 'string' && Object.keys(value).length > Object.keys(known ?? {}).length)
      this.byId.set(id, value)
    this.nodes.push(value)
    for (const property of [
      '@graph',
      'mainEntity',
      'mainEntityOfPage',
      'author',
      'publisher',
      'image',
      'primaryImageOfPage',
    ]) {
      this.collect(value[property], depth + 1)
    }
  }
}

export function isNode(value: unknown): value is LinkedNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The types of a node by their bare schema.org names. */
export function typesOf(node: LinkedNode): string[] {
  const types = node['@type'] ?? node.type
  return (Array.isArray(types) ? types : [types])
    .filter((type) => typeof type === 'string')
    .map((type) => type.replace(/^(?:https?:\/\/schema\.org\/|schema:)/i, ''))
}

/** Whether a schema.org type is an article: Article, NewsArticle and their subtypes. */
export function isArticleType(type: string): boolean {
  return articleTypes.has(type)
}

const articleTypes = new Set([
  'Article',
  'NewsArticle',
  'AnalysisNewsArticle',
  'AskPublicNewsArticle',
  'BackgroundNewsArticle',
  'OpinionNewsArticle',
  'ReportageNewsArticle',
  'ReviewNewsArticle',
  'SatiricalArticle',
  'AdvertiserContentArticle',
  'TechArticle',
  'Report',
  'BlogPosting',
  'LiveBlogPosting',
])

/** Whether a schema.org type is Organization or one of its subtypes that occur in news. */
export function isOrganisationType(type: string): boolean {
  return /(?:Organization|Corporation|Airline|Consortium|SportsTeam|PoliticalParty|Company|EducationalOrganization|CollegeOrUniversity|Hospital|NGO|FundingScheme|MusicGroup|OnlineBusiness|LocalBusiness|Library)$/.test(
    type,
  )
}
