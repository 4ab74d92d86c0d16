import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { Role } from './roles.ts'
import type { DeskKey } from './texts.ts'
import type { ViewProps } from './view-props.ts'

export interface View {
  /** Below the desk. The view also serves all paths below it. */
  path: string
  /** The least role that may use it. */
  role: Role
  /** The key of its name in the navigation. */
  title: DeskKey
  component: LazyExoticComponent<ComponentType<ViewProps>>
}

/** The views of the desk, in the order of the navigation. */
export const VIEWS: readonly View[] = [
  {
    path: '/',
    role: 'MODERATOR',
    title: 'nav.queue',
    component: lazy(() => import('../queue/view.tsx')),
  },
  {
    path: '/decided',
    role: 'MODERATOR',
    title: 'nav.decided',
    component: lazy(() => import('../decided/view.tsx')),
  },
  {
    path: '/readers',
    role: 'MODERATOR',
    title: 'nav.readers',
    component: lazy(() => import('../readers/view.tsx')),
  },
  {
    path: '/stories',
    role: 'MODERATOR',
    title: 'nav.stories',
    component: lazy(() => import('../stories/view.tsx')),
  },
  {
    path: '/partners',
    role: 'ADMIN',
    title: 'nav.partners',
    component: lazy(() => import('../partners/view.tsx')),
  },
]

/** The view of a path, and the segments of the path after the view's own. */
export function viewAt(path: string): { view: View; rest: string[] } | null {
  const found = VIEWS.find(
    (view) => path === view.path || (view.path !== '/' && path.startsWith(`${view.path}/`)),
  )
  if (!found) return null
  const segments = path.slice(found.path.length).split('/').filter(Boolean)
  return { view: found, rest: segments.map(decoded) }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
