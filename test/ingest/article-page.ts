/** A news page as saved from a browser, with parts that a test may change. */
export function articlePage({
  head = '',
  body = '',
  lang = 'en',
  headline = 'Ferry line to the islands is reopened',
  url = 'https://gazette.example/news/ferry-line-to-the-islands-is-reopened',
  published = '<meta property="article:published_time" content="2026-02-03T09:00:00+01:00">',
}: {
  head?: string
  body?: string
  lang?: string
  headline?: string
  url?: string | null
  published?: string
} = {}): string {
  const canonical = url === null ? '' : `<link rel="canonical" href="${url}">`
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>${headline}</title>${canonical}${published}<meta property="og:type" content="article">${head}</head>
<body><main><article><h1>${headline}</h1>${paragraphs}${body}</article></main></body></html>`
}

export const paragraphs = [
  'The ferry between the mainland and the two outer islands runs again from Monday, after a winter in which the pier was closed for repairs.',
  'Islanders had to charter fishing boats for eleven weeks, and the school moved its older pupils into a hostel beside the harbour office.',
  'The county pays for half of the work, the shipping company for the rest, and fares stay as they are until the end of the year.',
]
  .map((text) => `<p>${text}</p>`)
  .join('')
