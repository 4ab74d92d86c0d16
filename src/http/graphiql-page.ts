import { operationText } from '../graphql/operations.ts'
import { scriptJson } from '../text/html.ts'

/** What the tabs are filled in with. */
export interface Newsroom {
  /** Distinguishes this newsroom from earlier ones at the same address. */
  epoch: string
  articleId: string
  slug: string
}

/** The tokens in the headers of the tabs. */
export interface Tokens {
  reader: string
  moderator: string
}

/** The page: GraphiQL with a tab per example operation. */
export function renderPage(
  asset: string,
  newsroom: Newsroom,
  tokens: Tokens | null,
  shouldPersistHeaders: boolean,
): string {
  const defaultTabs = tabsFor(newsroom, tokens)
  const options = { title: 'Dateline', subscriptionsProtocol: 'WS', shouldPersistHeaders, defaultTabs }
  const known = [
    newsroom.epoch,
    defaultTabs[0]?.variables ?? '',
    tokens ? [tokens.reader, tokens.moderator] : [],
  ]
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Dateline</title>
    ${TAB_STYLE}
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script>
      (${prepareTabs})(${known.map(scriptJson).join(', ')})
      function startGraphiQL(GraphiQL) {
        GraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${scriptJson(options)})
      }
    </script>
    <script src="graphiql/${asset}"></script>
  </body>
</html>
`
}

/**
 * GraphiQL animates each tab into place and may not reset the transform: on mouse down the tab would move
 * away and the click would be lost.
 */
const TAB_STYLE = '<style>.graphiql-tab { transform: none !important }</style>'

/**
 * Runs in the browser before GraphiQL. Browsers store the tabs per address. When the newsroom was created
 * again, their ids and tokens are invalid, so they are removed. Tabs that stay get new tokens in place of
 * expired ones. GraphiQL shows the variables of its first tab only when they are stored.
 */
const prepareTabs = `function (newsroom, variables, tokens) {
  const before = JSON.parse(localStorage.getItem('dateline:tokens') ?? '[]')
  if (tokens.length > 0) localStorage.setItem('dateline:tokens', JSON.stringify(tokens))
  const keys = Object.keys(localStorage).filter((key) => key.startsWith('graphiql:'))
  if (localStorage.getItem('dateline:newsroom') === newsroom) {
    for (const key of keys) {
      const renewed = tokens.reduce(
        (text, token, i) => (before[i] ? text.replaceAll(before[i], token) : text),
        localStorage.getItem(key),
      )
      localStorage.setItem(key, renewed)
    }
    return
  }
  for (const key of keys) localStorage.removeItem(key)
  localStorage.setItem('graphiql:variables', variables)
  localStorage.setItem('dateline:newsroom', newsroom)
}`

function tabsFor({ articleId, slug }: Newsroom, tokens: Tokens | null) {
  const reader = { authorization: `Bearer ${tokens?.reader ?? "<a reader's token>"}` }
  const moderator = { authorization: `Bearer ${tokens?.moderator ?? "<a moderator's token>"}` }
  return [
    tab(operationText('ArticlePage'), { slug }),
    tab(operationText('CommentFeed'), { articleId }),
    tab(operationText('SubmitComment'), { input: { articleId, body: 'Written in GraphiQL' } }, reader),
    tab(operationText('ModerationQueue'), {}, moderator),
    tab(operationText('ApproveComments'), { ids: [] }, moderator),
  ]
}

function tab(query: string, variables: object, headers?: object) {
  return {
    query,
    variables: JSON.stringify(variables, null, 2),
    headers: headers ? JSON.stringify(headers, null, 2) : undefined,
  }
}
