import type { Client } from 'graphql-ws'
import { ArticleChangesDocument } from '../../../../schema/documents.ts'
import type { LiveSettings } from '../live-settings.ts'
import { watch } from './connect.ts'
import { showNotice, thisPage } from './notice.ts'

/** Says that the story was corrected, updated or withdrawn. */
export function watchArticle(
  client: Client,
  { article, version }: { article: string; version: number },
  { home, texts }: LiveSettings,
): void {
  let isCorrected = false
  const { dismiss } = texts
  const showRemoved = () =>
    showNotice({ text: texts.removed, link: { text: texts.home, href: home }, dismiss })
  const showChanged = () =>
    showNotice({
      // A later update does not hide that the story was corrected.
      text: isCorrected ? texts.corrected : texts.updated,
      link: { text: texts.reload, href: thisPage() },
      dismiss,
    })
  void watch(
    client,
    ArticleChangesDocument,
    { articleId: article, after: version },
    {
      next({ articleChanges: { kind } }) {
        if (kind === 'COMMENTING_CHANGED') return
        if (kind === 'REMOVED') return showRemoved()
        isCorrected ||= kind === 'CORRECTED'
        showChanged()
      },
      refused(code) {
        if (code === 'NOT_FOUND') showRemoved()
      },
    },
  )
}
