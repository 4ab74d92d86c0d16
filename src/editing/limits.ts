import { articleFields, textNames } from '../articles/fields.ts'
import { InvalidInput } from '../base/errors.ts'

/** The maximum lengths of texts by field name, in UTF-16 code units; other fields have `DEFAULT_MAX_LENGTH`. */
const MAX_LENGTH_BY_FIELD = new Map<string, number>([
  ...textNames.map((name) => [name, articleFields[name].maxLength] as const),
  ['url', 2_000],
  ['text', 20_000],
  ['alt', 2_000],
  ['caption', 2_000],
  ['usageTerms', 2_000],
])
const DEFAULT_MAX_LENGTH = 500

/** The maximum number of list items by field name. */
const MAX_ITEMS_BY_FIELD = new Map([
  ['blocks', 500],
  ['people', 200],
  ['organisations', 200],
  ['rolesAsPrinted', 10],
  ['partners', 200],
])

/** The maximum length of a correction, in UTF-16 code units. */
export const MAX_CORRECTION_CHARACTERS = 2_000

/** The maximum length of a notice to partners, in UTF-16 code units. */
export const MAX_NOTICE_CHARACTERS = 1_000

/**
 * Checks the texts and lists of an editor's input.
 * @throws InvalidInput with the path of the invalid field: "blocks[3].paragraph.text"
 */
export function checkLimits(given: object, within = ''): void {
  for (const [name, value] of Object.entries(given)) {
    const field = within + name
    if (typeof value === 'string') checkText(field, value, MAX_LENGTH_BY_FIELD.get(name))
    else if (Array.isArray(value)) checkList(field, value, MAX_ITEMS_BY_FIELD.get(name))
    else if (isObject(value)) checkLimits(value, `${field}.`)
  }
}

/** @throws InvalidInput for a text that is too long or contains control characters */
export function checkText(field: string, text: string, max = DEFAULT_MAX_LENGTH): void {
  if (text.length > max) {
    throw new InvalidInput(field, `"${field}" has ${text.length} characters. The maximum is ${max}.`)
  }
  if (CONTROL_CHARACTERS.test(text))
    throw new InvalidInput(field, `"${field}" contains control characters. Remove them.`)
}

function checkList(field: string, items: unknown[], max = 0): void {
  if (items.length > max) {
    throw new InvalidInput(field, `"${field}" has ${items.length} items. The maximum is ${max}.`)
  }
  for (const [i, item] of items.entries()) {
    if (typeof item === 'string') checkText(`${field}[${i}]`, item)
    else if (isObject(item)) checkLimits(item, `${field}[${i}].`)
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date)
}

/** Control characters except tab and line feed: feeds and pages cannot contain them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/
