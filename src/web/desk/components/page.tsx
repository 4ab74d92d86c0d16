import { type ReactNode, useEffect, useRef } from 'react'
import { settings } from '../shell/settings.ts'

interface PageProps {
  title: string
  /** Beside the heading: buttons, or a count. */
  actions?: ReactNode
  children: ReactNode
}

/** A view with its heading, which is also the title of the window. After a change of the view, the heading has the focus. */
export function Page({ title, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} – ${settings.outlet}`
  }, [title])
  useEffect(() => {
    if (isFirst) isFirst = false
    else if (document.activeElement === document.body || !document.activeElement?.closest('main')) {
      heading.current?.focus({ preventScroll: true })
      window.scrollTo(0, 0)
    }
  }, [])
  return (
    <section className="page">
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions}
      </div>
      {children}
    </section>
  )
}

/** The browser itself begins at the top of the first page. */
let isFirst = true
