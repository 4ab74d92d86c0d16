import { describe, expect, it } from 'vitest'
import { type PageElement, parseDocument } from '../../src/ingest/dom.ts'
import { embedAt, extractEmbeds } from '../../src/ingest/embeds.ts'

const read = (html: string) => {
  const document = parseDocument(`<html><body>${html}</body></html>`)
  return { embeds: extractEmbeds(document), document }
}
const quote = (name: string, address: string, rest = '') =>
  `<blockquote class="${name}"><p>Words</p>${rest}<a href="${address}">x</a></blockquote>`

it.each([
  [
    'X',
    quote('twitter-tweet', 'https://twitter.com/ida/status/12?ref_src=x&s=20&t=y'),
    'https://twitter.com/ida/status/12',
  ],
  ['X', quote('twitter-video', 'https://x.com/ida/statuses/12'), 'https://x.com/ida/statuses/12'],
  [
    'Instagram',
    '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/abc/?utm_source=x&igshid=1"></blockquote>',
    'https://www.instagram.com/p/abc/',
  ],
  [
    'Instagram',
    quote('instagram-media', 'https://www.instagram.com/reel/abc/'),
    'https://www.instagram.com/reel/abc/',
  ],
  [
    'TikTok',
    '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@ida/video/12"></blockquote>',
    'https://www.tiktok.com/@ida/video/12',
  ],
  [
    'Bluesky',
    quote('bluesky-embed', 'https://bsky.app/profile/ida.example/post/abc'),
    'https://bsky.app/profile/ida.example/post/abc',
  ],
  [
    'Reddit',
    quote('reddit-embed', 'https://www.reddit.com/r/boats/comments/1/'),
    'https://www.reddit.com/r/boats/comments/1/',
  ],
  ['Reddit', quote('reddit-card', '//www.reddit.com/r/boats/'), 'https://www.reddit.com/r/boats/'],
  [
    'Mastodon',
    '<blockquote class="mastodon-embed" data-embed-url="https://social.example/@ida/12"></blockquote>',
    'https://social.example/@ida/12',
  ],
  [
    'Facebook',
    '<div class="fb-post" data-href="https://www.facebook.com/ida/posts/12"></div>',
    'https://www.facebook.com/ida/posts/12',
  ],
  [
    'Facebook',
    '<div class="fb-video" data-href="https://www.facebook.com/ida/videos/12"></div>',
    'https://www.facebook.com/ida/videos/12',
  ],
  [
    'Facebook',
    '<amp-facebook data-href="https://www.facebook.com/ida/posts/12"></amp-facebook>',
    'https://www.facebook.com/ida/posts/12',
  ],
  ['X', '<amp-twitter data-tweetid="12"></amp-twitter>', 'https://x.com/i/status/12'],
  [
    'X',
    '<amp-twitter data-tweetid="https://x.com/ida/status/12"></amp-twitter>',
    'https://x.com/ida/status/12',
  ],
  ['Instagram', '<amp-instagram data-shortcode="abc"></amp-instagram>', 'https://www.instagram.com/p/abc/'],
  ['YouTube', '<amp-youtube data-videoid="abc"></amp-youtube>', 'https://www.youtube.com/watch?v=abc'],
  ['Telegram', '<script data-telegram-post="ida/12"></script>', 'https://t.me/ida/12'],
  [
    'YouTube',
    '<iframe src="https://www.youtube.com/embed/abc-123?rel=0"></iframe>',
    'https://www.youtube.com/watch?v=abc-123',
  ],
  [
    'YouTube',
    '<iframe data-src="//www.youtube-nocookie.com/embed/abc_123"></iframe>',
    'https://www.youtube.com/watch?v=abc_123',
  ],
  [
    'X',
    '<iframe src="https://platform.twitter.com/embed/Tweet.html?id=12"></iframe>',
    'https://x.com/i/status/12',
  ],
  [
    'Facebook',
    '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fida%2Fposts%2F12"></iframe>',
    'https://www.facebook.com/ida/posts/12',
  ],
  [
    'Instagram',
    '<iframe src="https://www.instagram.com/p/abc/embed/captioned/"></iframe>',
    'https://www.instagram.com/p/abc/',
  ],
  ['Telegram', '<iframe src="https://t.me/ida/12?embed=1"></iframe>', 'https://t.me/ida/12'],
])('a post on %s is read from %s', (provider, html, url) => {
  expect(read(html).embeds).toMatchObject([{ provider, url }])
})

it.each([
  quote('twitter-tweet', 'https://twitter.com/ida'),
  quote('instagram-media', 'https://www.instagram.com/ida/'),
  quote('quote', 'https://twitter.com/ida/status/12'),
  '<div class="fb-post"></div>',
  '<iframe src="https://www.youtube.com/embed/videoseries?list=x"></iframe>',
  '<iframe src="https://www.youtube.com/embed/abc"></iframe>',
  '<iframe src="https://notyoutube.com/embed/abc-123"></iframe>',
  '<iframe src="https://www.facebook.com/plugins/like.php?href=https://x.example/"></iframe>',
  '<iframe src="https://platform.twitter.com/embed/Tweet.html"></iframe>',
  '<iframe src="https://other.example/?id=12"></iframe>',
  '<iframe src="https://other.example/plugins/post?href=https://x.example/"></iframe>',
  '<iframe src="https://www.instagram.com/ida/"></iframe>',
  '<iframe src="https://maps.example/"></iframe>',
  '<iframe></iframe>',
])('no post is read from %s, and it stays', (html) => {
  const { embeds, document } = read(html)
  expect(embeds).toEqual([])
  expect([...document.body!.children]).toHaveLength(1)
})

describe('the words of a post', () => {
  const tweet = (inner: string) => read(`<blockquote class="twitter-tweet">${inner}</blockquote>`).embeds[0]
  const link = (text: string) => `<a href="https://twitter.com/ida/status/12">${text}</a>`

  it('have author, handle and day apart', () => {
    expect(
      tweet(
        `<p>The <b>ferry</b> sails.</p><p>Again.</p>&mdash; Ida Holm (@idaholm) ${link('March 3, 2025')}`,
      ),
    ).toEqual({
      provider: 'X',
      url: 'https://twitter.com/ida/status/12',
      authorName: 'Ida Holm',
      handle: '@idaholm',
      text: 'The ferry sails. Again.',
      postedAt: new Date('2025-03-03T00:00:00Z'),
    })
  })

  it('have the handle of the address where none is printed, and no day that is none', () => {
    expect(tweet(`<p>The ferry sails.</p>${link('x')}`)).toEqual({
      provider: 'X',
      url: 'https://twitter.com/ida/status/12',
      handle: '@ida',
      text: 'The ferry sails.',
    })
    expect(tweet('<a href="https://x.com/i/status/12">x</a>')).toEqual({
      provider: 'X',
      url: 'https://x.com/i/status/12',
    })
  })

  it('of other networks have no day, and at most 10,000 characters', () => {
    const post = (words: string) =>
      read(
        `<blockquote class="reddit-card"><p>${words}</p><a href="https://www.reddit.com/r/boats/">March 3, 2025</a></blockquote>`,
      ).embeds[0]
    expect(post('Words')).toEqual({
      provider: 'Reddit',
      url: 'https://www.reddit.com/r/boats/',
      text: 'Words',
    })
    expect(post('x'.repeat(10_001))?.text).toHaveLength(10_000)
  })

  it('are of the last link in it that is a post', () => {
    expect(tweet(`<p><a href="https://twitter.com/other/status/1">x</a></p>${link('x')}`)?.url).toBe(
      'https://twitter.com/ida/status/12',
    )
  })
})

it('each post leaves a paragraph in its place that tells which it was, and its repetition leaves none', () => {
  const one = quote('twitter-tweet', 'https://twitter.com/ida/status/1')
  const { embeds, document } = read(
    `<p>a</p>${one}<p>b</p><iframe src="https://www.youtube.com/embed/abc-123"></iframe>${one}<p>c</p>`,
  )
  expect(embeds.map(({ provider }) => provider)).toEqual(['X', 'YouTube'])
  const texts = [...document.body!.children].map((child: PageElement) => child.textContent ?? '')
  expect(texts.map((text) => embedAt(text) ?? text)).toEqual(['a', 0, 'b', 1, 'c'])
  expect(embedAt('a post on a social network')).toBeUndefined()
})
