import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import { articleHtml } from '../../src/feeds/html.ts'
import type { LicensedArticle, LicensedImage } from '../../src/syndication/licensed-article.ts'
import { picture as barePicture, bareStory } from './whole-story.ts'

// What stands in an attribute stays there: nothing that a story says becomes markup of its own.

const HOSTILE = `"><script>alert(1)</script>" onerror="alert(2)' onload='alert(3)' x=\`y\` & <b>`

const picture = (changes: Partial<LicensedImage>) =>
  barePicture({ url: 'https://pictures.example/a.jpg', ...changes })

const story = (changes: Partial<LicensedArticle>) =>
  bareStory({ language: 'en', hasFullText: true, ...changes })

/** Every element of a story's HTML, with its attributes. */
function elementsOf(changes: Partial<LicensedArticle>) {
  const { document } = parseHTML(`<!doctype html><html><body>${articleHtml(story(changes))}</body></html>`)
  return [...document.body.querySelectorAll('*')].map((element) => ({
    name: element.localName,
    attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
  }))
}

test.each(['"', "'", '&', '<', '>', '&quot;', HOSTILE])(
  'a picture whose words have %s keeps its attributes',
  (words) => {
    const image = picture({ url: `https://pictures.example/a.jpg?${words}`, alt: words })
    const expected = { name: 'img', attributes: { src: image.url, alt: words } }
    const asLead = elementsOf({ leadImage: image })
    expect(asLead.map(({ name }) => name)).toEqual(['div', 'figure', 'img'])
    expect(asLead[2]).toEqual(expected)
    const inBody = elementsOf({ body: [{ kind: 'IMAGE', image }] })
    expect(inBody.map(({ name }) => name)).toEqual(['div', 'figure', 'img'])
    expect(inBody[2]).toEqual(expected)
  },
)

test.each(['"', "'", HOSTILE])('a post whose address has %s keeps its attributes', (words) => {
  const url = `https://posts.example/?${words}`
  const embed = { provider: 'X', url, authorName: null, handle: null, text: null, postedAt: null }
  const elements = elementsOf({ body: [{ kind: 'EMBED', embed }] })
  expect(elements.map(({ name }) => name)).toEqual(['div', 'blockquote', 'footer', 'a', 'bdi'])
  expect(elements[1]?.attributes).toEqual({ cite: url })
  expect(elements[3]?.attributes).toEqual({ href: url })
})

test('both kinds of quotation marks are written as references, in attributes and in text', () => {
  const words = `"both" 'kinds'`
  const written = articleHtml(
    story({ leadImage: picture({ alt: words }), body: [{ kind: 'PARAGRAPH', text: words, mentions: [] }] }),
  )
  const escaped = '&quot;both&quot; &#39;kinds&#39;'
  expect(written).toContain(`alt="${escaped}"`)
  expect(written).toContain(`<p>${escaped}</p>`)
})
