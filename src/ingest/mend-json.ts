import { MAX_LINKED_DEPTH } from './page-limits.ts'

/**
 * The values of a script that should contain one JSON value. Repaired without guessing: comment and CDATA
 * wrappers, comments, raw control characters in strings, escapes JSON does not know, trailing commas,
 * a closing semicolon, text whose quotes are HTML entities, several values one after another, and
 * brackets left open at the end. Text that is still not JSON returns no value.
 */
export function mendJson(script: string): unknown[] {
  const bare = unwrap(script)
  if (bare === '' || isTooDeep(bare)) return []
  const asIs = parse(bare)
  if (asIs !== undefined) return [asIs]
  const tidied = tidy(bare)
  for (const attempt of [() => tidied, () => tidy(unescapeQuotes(bare))]) {
    const value = parse(attempt())
    if (value !== undefined) return [value]
  }
  const several = tidied.replace(/\}\s*\{/g, '},{')
  const list = parse(`[${several}]`)
  if (Array.isArray(list)) return list
  const closed = parse(closeOpen(tidied))
  return closed === undefined ? [] : [closed]
}

/** Whether a text is nested more deeply than linked data is. Unclosed brackets in strings count too. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i)
    if (c === 0x5b || c === 0x7b) depth += 1
    else if (c === 0x5d || c === 0x7d) depth -= 1
    if (depth > MAX_LINKED_DEPTH) return true
  }
  return false
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unwrap(script: string): string {
  return script
    .replace(/^[\s\ufeff]*(?:\/\/|\/\*)?\s*<!(?:\[CDATA\[|--)(?:\s*\*\/)?/, '')
    .trim()
    .replace(/(?:\/\/|\/\*)?[ \t]{0,20}(?:\]\]|--)>(?:\s{0,20}\*\/)?$/, '')
    .replace(/;[\s;]{0,20}$/, '')
    .trim()
}

function unescapeQuotes(text: string): string {
  if (text.includes('"') && !/^[[{]\s*&quot;/.test(text)) return text
  return text
    .replace(/&(?:quot|#34|#x22);/gi, '"')
    .replace(/&(?:amp|#38);/gi, '&')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
}

/** One pass over the text that knows whether it is inside a string. */
function tidy(text: string): string {
  let out = ''
  let inString = false
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i]!
    if (inString) {
      if (c === '\\') {
        const next = text[i + 1] ?? ''
        const known =
          /["\\/bfnrt]/.test(next) || (next === 'u' && /^[\da-f]{4}$/i.test(text.slice(i + 2, i + 6)))
        out += known ? c + next : next < ' ' ? '' : next === '' ? '' : escapeIfNeeded(next)
        i += 1
      } else if (c === '"') {
        inString = false
        out += c
      } else out += c < ' ' ? controlEscape(c) : c
    } else if (c === '"') {
      inString = true
      out += c
    } else if (c === '/' && text[i + 1] === '*') {
      const end = text.indexOf('*/', i + 2)
      i = end < 0 ? text.length : end + 1
    } else if (c === '/' && text[i + 1] === '/') {
      const end = text.indexOf('\n', i)
      i = end < 0 ? text.length : end
    } else if (c === ',' && /^\s*(?:[\]},]|$)/.test(text.slice(i + 1, i + 200))) {
      // A comma before a closing bracket or another comma separates nothing.
    } else out += c < ' ' || c === '\u00a0' || c === '\ufeff' ? ' ' : c
  }
  return out
}

function escapeIfNeeded(c: string): string {
  return c === 'u' ? '\\\\u' : c
}

function controlEscape(c: string): string {
  if (c === '\n') return '\\n'
  return c === '\r' || c === '\t' ? ' ' : ''
}

/** Closes a string and the brackets that the text leaves open. */
function closeOpen(text: string): string {
  const open: string[] = []
  let inString = false
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i]!
    if (inString) {
      if (c === '\\') i += 1
      else if (c === '"') inString = false
    } else if (c === '"') inString = true
    else if (c === '{') open.push('}')
    else if (c === '[') open.push(']')
    else if (c === '}' || c === ']') {
      if (open.pop() !== c) return text
    }
  }
  return text.replace(/,\s*$/, '') + (inString ? '"' : '') + open.reverse().join('')
}
