import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/ingest/dom.ts'
import { isArticleType, isOrganisationType, LinkedData, typesOf } from '../../src/ingest/json-ld.ts'
import { mendJson } from '../../src/ingest/mend-json.ts'

describe('JSON that is mended', () => {
  it.each<[string, string, unknown[]]>([
    ['as it is', '{"a":1}', [{ a: 1 }]],
    ['a list', '[1,2]', [[1, 2]]],
    ['within space', ' \ufeff\n{"a":1}\n ', [{ a: 1 }]],
    ['in a comment of HTML', '<!--{"a":1}-->', [{ a: 1 }]],
    ['in a CDATA section', '<![CDATA[{"a":1}]]>', [{ a: 1 }]],
    ['in a CDATA section in comments', '/*<![CDATA[*/{"a":1}/*]]>*/', [{ a: 1 }]],
    ['in a CDATA section behind slashes', '//<![CDATA[\n{"a":1}\n//]]>', [{ a: 1 }]],
    ['with a semicolon', '{"a":1} ; ', [{ a: 1 }]],
    ['with comments', '{/* x */"a":1, // y\n"b":2}', [{ a: 1, b: 2 }]],
    ['with what looks like comments in texts', '{"a":"http://x/*y*/",}', [{ a: 'http://x/*y*/' }]],
    ['with commas too many', '{"a":[1,2,],,}', [{ a: [1, 2] }]],
    ['with a line break in a text', '{"a":"x\ny"}', [{ a: 'x\ny' }]],
    ['with tabs and returns in a text', '{"a":"x\t\ry"}', [{ a: 'x  y' }]],
    ['with another control character in a text', '{"a":"x\u0001y"}', [{ a: 'xy' }]],
    ['with wrong escapes', `{"a":"it\\'s","b":"\\x"}`, [{ a: "it's", b: 'x' }]],
    ['with a wrong escape of a character', '{"a":"\\u12"}', [{ a: '\\u12' }]],
    ['with right escapes', '{"a":"\\u0041\\n\\"\\\\",}', [{ a: 'A\n"\\' }]],
    ['with an escaped line break', '{"a":"x\\\ny"}', [{ a: 'xy' }]],
    ['with spaces that are none of JSON', '{\u00a0"a":\ufeff1}', [{ a: 1 }]],
    ['with quotes as entities', '{&quot;a&quot;:&quot;x &amp;amp; y&quot;}', [{ a: 'x &amp; y' }]],
    ['with numbered entities', '{&#34;a&#x22;:&lt;1}', []],
    ['several values', '{"a":1}{"b":2}\n{"c":3}', [{ a: 1 }, { b: 2 }, { c: 3 }]],
    ['cut off in a list', '{"a":[1,{"b":2},', [{ a: [1, { b: 2 }] }]],
    ['cut off in a text', '{"a":"x', [{ a: 'x' }]],
    ['closed wrongly', '{"a":[1}', []],
    ['nothing', '', []],
    ['a comment alone', '<!-- -->', []],
    ['no JSON', 'var x = 1', []],
  ])('%s', (_, script, values) => {
    expect(mendJson(script)).toEqual(values)
  })

  it('may be nested a hundred levels deep', () => {
    expect(mendJson('['.repeat(100) + ']'.repeat(100))).toHaveLength(1)
    expect(mendJson('['.repeat(101) + ']'.repeat(101))).toEqual([])
    expect(mendJson(`[${'[],'.repeat(200)}]`)).toHaveLength(1)
  })
})

function dataOf(...scripts: [string, unknown][]) {
  const html = scripts
    .map(
      ([type, value]) =>
        `<script type="${type}">${typeof value === 'string' ? value : JSON.stringify(value)}</script>`,
    )
    .join('')
  return new LinkedData(parseDocument(`${html}<p>x`))
}
const LD = 'application/ld+json'
const headlines = (data: LinkedData) => data.ofType(isArticleType).map((node) => data.text(node, 'headline'))
const article = (headline: string, rest = {}) => ({ '@type': 'NewsArticle', headline, ...rest })

describe('linked data', () => {
  it('is in scripts of its type, and in no others', () => {
    const data = dataOf(
      [LD, article('a')],
      ['Application/LD+JSON; charset=utf-8', article('b')],
      ['application/activity.ld+json', article('x')],
      ['application/vnd.x+ld+json', article('c')],
      ['application/json', article('d')],
      ['text/javascript', article('e')],
      [LD, 'broken'],
      [LD, [article('f'), [article('g')]]],
    )
    expect(headlines(data)).toEqual(['a', 'b', 'c', 'f', 'g'])
  })

  it.each(['@graph', 'mainEntity', 'mainEntityOfPage', 'author', 'publisher', 'image', 'primaryImageOfPage'])(
    'is found in "%s"',
    (property) => {
      expect(headlines(dataOf([LD, { [property]: article('a') }]))).toEqual(['a'])
    },
  )

  it('is found six levels deep, and elsewhere not', () => {
    const nested = (levels: number) => {
      let value: object = article('a')
      for (let i = 0; i < levels; i++) value = { '@graph': value }
      return headlines(dataOf([LD, value]))
    }
    expect([nested(6), nested(7)]).toEqual([['a'], []])
    const listed = (levels: number) =>
      headlines(dataOf([LD, `${'['.repeat(levels)}${JSON.stringify(article('a'))}${']'.repeat(levels)}`]))
    expect([listed(6), listed(7)]).toEqual([['a'], []])
    expect(headlines(dataOf([LD, { isPartOf: article('a') }]))).toEqual([])
  })

  it('is at most 2,000 nodes, a million characters, and 200 values of a property', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => article(`${i}`))
    expect(headlines(dataOf([LD, many(2_001)]))).toHaveLength(2_000)
    const long = (length: number) => JSON.stringify(article('a')).padEnd(length, ' ')
    expect(headlines(dataOf([LD, long(999_900)], [LD, long(100)]))).toEqual(['a', 'a'])
    expect(headlines(dataOf([LD, long(999_901)], [LD, long(100)]))).toEqual(['a'])
    const data = dataOf([LD, article('a', { about: Array.from({ length: 201 }, (_, i) => i) })])
    expect(data.values(data.ofType(isArticleType)[0], 'about')).toHaveLength(200)
  })

  it('follows references, however little the page says where it refers', () => {
    const data = dataOf([
      LD,
      [
        article('a', {
          author: { '@id': '#ida' },
          publisher: { '@id': '#nobody' },
          image: { '@id': '#pic', a: 1 },
        }),
        { '@id': '#ida', name: 'Ida Holm' },
        { '@id': '#ida' },
      ],
    ])
    const [node] = data.ofType(isArticleType)
    expect(data.values(node, 'author')).toEqual([{ '@id': '#ida', name: 'Ida Holm' }])
    expect(data.values(node, 'publisher')).toEqual([{ '@id': '#nobody' }])
    expect(data.values(node, 'image')).toEqual([{ '@id': '#pic', a: 1 }])
  })

  it.each<[object, string | undefined]>([
    [{ headline: ' a ' }, 'a'],
    [{ headline: 7 }, '7'],
    [{ headline: ['', null, 'b'] }, 'b'],
    [{ headline: [['c']] }, 'c'],
    [{ headline: { '@value': 'd', '@language': 'en' } }, 'd'],
    [{ headline: ' ', name: 'e' }, 'e'],
    [{ headline: {}, name: 'f' }, 'f'],
    [{ 'schema:headline': 'g' }, 'g'],
    [{ headline: true }, undefined],
    [{}, undefined],
  ])('%j has the text %s', (properties, text) => {
    const data = dataOf([LD, { '@type': 'Article', ...properties }])
    expect(data.text(data.ofType(isArticleType)[0], 'headline', 'name')).toBe(text)
  })
})

it.each<[object, string[]]>([
  [{ '@type': 'NewsArticle' }, ['NewsArticle']],
  [{ type: 'NewsArticle' }, ['NewsArticle']],
  [
    { '@type': ['https://schema.org/Article', 'http://schema.org/Report', 'schema:Person', 7] },
    ['Article', 'Report', 'Person'],
  ],
  [{}, []],
])('%j is of the types %j', (node, types) => {
  expect(typesOf(node as never)).toEqual(types)
})

it('types are stories, organisations or neither', () => {
  const articles =
    'Article NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle OpinionNewsArticle ReportageNewsArticle ReviewNewsArticle SatiricalArticle AdvertiserContentArticle TechArticle Report BlogPosting LiveBlogPosting'
  const organisations =
    'Organization NewsMediaOrganization GovernmentOrganization Corporation Airline Consortium SportsTeam PoliticalParty InsuranceCompany EducationalOrganization CollegeOrUniversity Hospital NGO FundingScheme MusicGroup OnlineBusiness LocalBusiness Library'
  for (const type of articles.split(' ')) expect([type, isArticleType(type)]).toEqual([type, true])
  for (const type of organisations.split(' ')) expect([type, isOrganisationType(type)]).toEqual([type, true])
  for (const type of [
    'WebPage',
    'WebSite',
    'Person',
    'Place',
    'ItemList',
    'VideoObject',
    'OrganizationRole',
  ]) {
    expect([type, isArticleType(type), isOrganisationType(type)]).toEqual([type, false, false])
  }
})
