/**
 * The values of a script that should hold one JSON value. Mended without guessing: comment and CDATA
 * wrappers, comments, raw control characters in strings, escapes JSON does not know, trailing commas,
 * a closing semicolon, text whose quotes are HTML entities, several values one after another, and
 * brackets left open at the end. What still is no JSON gives no value.
 */
export function mendJson(script: string): unknown[] {
  const bare = unwrap(script)
  if (bare === '') return []
  for (const attempt of [bare, tidy(bare), tidy(unescapeQuotes(bare))]) {
    const value = parse(attempt)
    if (value !== undefined) return [value]
  }
  const several = tidy(bare).replace(/\}\s*\{/g, '},{')
  const list = parse(`[${several}]`)
  if (Array.isArray(list)) return list
  const closed = parse(closeOpen(tidy(bare)))
  return closed === undefined ? [] : [closed]
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
    .replace(/(?:\/\/|\/\*)?\s*(?:\]\]|--)>(?:\s*\*\/)?\s*$/, '')
    .replace(/^[\s\ufeff\u00a0]+|[\s;\u00a0]+$/g, '')
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
