import { commentsOnTheFirstArticle } from './comments/first-article.ts'
import { commentsOnOtherArticles } from './comments/other-articles.ts'
import type { SampleComment } from './comments/types.ts'

/** Every comment of the sample newsroom: what readers wrote, and what the moderator decided. */
export const comments: SampleComment[] = [...commentsOnTheFirstArticle, ...commentsOnOtherArticles]

/** The readers who wrote them, by key. The names are descriptions; none is anybody’s. */
export const readers: Record<string, string> = {
  erbil: 'Reader in Erbil',
  mosul: 'قارئ من الموصل',
  slemani: 'خوێنەرێک لە سلێمانی',
  ankara: 'Ankara’dan bir okur',
  subscriber: 'A longtime subscriber',
  teacher: 'History teacher',
  engineer: 'Retired engineer',
  student: 'Student abroad',
  nurse: 'Night-shift nurse',
  halabja: 'خوێنەرێک لە هەڵەبجە',
  basra: 'مشجع من البصرة',
  skywatcher: 'Amateur skywatcher',
  passer: 'Passer-by',
  visitor: 'First-time visitor',
}
