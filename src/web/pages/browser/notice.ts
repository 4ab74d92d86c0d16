/** What a notice says, and where its link leads. */
export interface NoticeContent {
  text: string
  link: { text: string; href: string }
  dismiss: string
}

/** Shows a notice in place of the one before. It lies over the page, so that nothing moves. */
export function showNotice({ text, link, dismiss }: NoticeContent): void {
  const place = document.getElementById('notice')
  if (!place) return
  const notice = document.createElement('div')
  const words = document.createElement('span')
  words.textContent = text
  const anchor = document.createElement('a')
  anchor.textContent = link.text
  anchor.href = link.href
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = dismiss
  button.onclick = () => place.replaceChildren()
  notice.append(words, anchor, button)
  place.replaceChildren(notice)
}

/** The address of this page, which the browser loads again: with a fragment it would only scroll. */
export function thisPage(): string {
  return `${location.pathname}${location.search}`
}
