import type { NamedIn } from '../db/client/client.ts'

/** What the code has to know about a field of an article. */
interface Field {
  /**
   * - `text`: a text that is printed with the article, in a column of the same name. Everything that handles texts
   *   takes their names from this list.
   * - `date`: a date in a column of the same name.
   * - `own`: a field with types and columns of its own.
   */
  kind: 'text' | 'date' | 'own'
  /** Whether every article has a value. */
  required: boolean
  /** Whether `ArticleChangesInput` has it. */
  edited: boolean
  /** Whether partners receive it. */
  licensed: boolean
  /** Whether readers read it. Other fields decide visibility and comments, and change without new content. */
  content: boolean
}

interface TextField extends Field {
  kind: 'text'
  /** The description in GraphQL. */
  description: string
  /** The maximum length in an edit, in UTF-16 code units. */
  maxLength: number
  /** The weight in full-text search; null if it is not searched. */
  searchWeight: 'A' | 'B' | null
  /** The part of the article to which names in the text count; null if it is not searched for names. */
  namesCountTo: NamedIn | null
}

const TEXT = {
  kind: 'text',
  required: false,
  edited: true,
  licensed: true,
  content: true,
  maxLength: 500,
  searchWeight: null,
  namesCountTo: null,
} as const

const OWN = { kind: 'own', required: false, edited: true, licensed: true, content: true } as const

/**
 * All fields of an article draft besides `slug`, `canonicalUrl` and `ownUrl`, which identify the article. To add
 * a field, see "A new field of an article" in CONTRIBUTING.md.
 */
export const articleFields = {
  language: { ...OWN, required: true },
  headline: {
    ...TEXT,
    required: true,
    description: 'The headline.',
    searchWeight: 'A',
    namesCountTo: 'ARTICLE',
  },
  kicker: { ...TEXT, description: 'The label above the headline.', searchWeight: 'A' },
  standfirst: {
    ...TEXT,
    description: 'The summary below the headline.',
    maxLength: 2_000,
    searchWeight: 'B',
    namesCountTo: 'ARTICLE',
  },
  dateline: OWN,
  byline: { ...TEXT, description: 'The authors, as printed.', namesCountTo: 'BYLINE' },
  topic: OWN,
  leadImage: OWN,
  blocks: { ...OWN, required: true },
  people: OWN,
  organisations: OWN,
  publishedAt: { kind: 'date', required: true, edited: true, licensed: true, content: true },
  updatedAt: { kind: 'date', required: false, edited: false, licensed: true, content: false },
  embargoedUntil: { kind: 'date', required: false, edited: false, licensed: false, content: false },
  status: { ...OWN, edited: false, licensed: false, content: false },
  commenting: { ...OWN, edited: false, licensed: false, content: false },
} as const satisfies Record<string, Field | TextField>

type Fields = typeof articleFields

export type FieldName = keyof Fields

/** The names of the fields with the given properties. */
export type FieldsWith<Properties extends Partial<Field>> = {
  [Name in FieldName]: Fields[Name] extends Properties ? Name : never
}[FieldName]

/** The names of the fields with the given properties, in the order of the list. */
export function fieldsWith<const Properties extends Partial<Field>>(
  properties: Properties,
): FieldsWith<Properties>[] {
  const wanted = Object.entries(properties) as [keyof Field, unknown][]
  const names = Object.keys(articleFields) as FieldName[]
  const found = names.filter((name) => wanted.every(([key, value]) => articleFields[name][key] === value))
  return found as FieldsWith<Properties>[]
}

export type TextName = FieldsWith<{ kind: 'text' }>
type RequiredText = FieldsWith<{ kind: 'text'; required: true }>
type OptionalText = FieldsWith<{ kind: 'text'; required: false }>

/** The texts of a draft. */
export type DraftTexts = Record<RequiredText, string> & Partial<Record<OptionalText, string>>

/** The texts of an article that is stored; null for none. */
export type StoredTexts = Record<RequiredText, string> & Record<OptionalText, string | null>

export const textNames: readonly TextName[] = fieldsWith({ kind: 'text' })

/** The description of a text in GraphQL. */
export function describeText(name: TextName): { description: string } {
  return { description: articleFields[name].description }
}
