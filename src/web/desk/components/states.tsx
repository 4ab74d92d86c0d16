import type { ReactNode } from 'react'
import type { CombinedError } from 'urql'
import { DeskLink } from '../shell/router.tsx'
import { useText } from '../shell/texts.ts'
import { Button } from './button.tsx'
import { useErrorText } from './errors.ts'
import { Notice } from './notice.tsx'
import { Page } from './page.tsx'

/** While something loads for the first time. */
export function Loading() {
  const text = useText()
  return (
    <div className="loading" role="progressbar" aria-label={text('loading')}>
      <span />
    </div>
  )
}

/** When a list is empty: what that means, and what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  )
}

/** When something can't be loaded: why, and a button to try again. */
export function Failure({ error, onRetry }: { error: CombinedError | Error; onRetry(): void }) {
  const text = useText()
  const errorText = useErrorText()
  return (
    <Notice kind="failure">
      <p>{errorText(error)}</p>
      <Button onPress={onRetry}>{text('retry')}</Button>
    </Notice>
  )
}

/** For an address that shows nothing, or nothing for this role. */
export function NotFound() {
  const text = useText()
  return (
    <Page title={text('notFound.title')}>
      <p>{text('notFound.text')}</p>
      <p>
        <DeskLink to="/">{text('nav.queue')}</DeskLink>
      </p>
    </Page>
  )
}
