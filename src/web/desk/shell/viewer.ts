import { createContext, use } from 'react'
import type { Api } from './api.ts'
import type { Role } from './roles.ts'

/** The signed-in user, as the API sees them. */
export interface Viewer {
  role: Role
  displayName: string
}

export const ViewerContext = createContext<Viewer | null>(null)
export const ApiContext = createContext<Api | null>(null)

export function useViewer(): Viewer {
  const viewer = use(ViewerContext)
  if (!viewer) throw new Error('useViewer is for the views of signed-in users')
  return viewer
}

/** The API, for what the hooks of urql don't cover. */
export function useApi(): Api {
  const api = use(ApiContext)
  if (!api) throw new Error('useApi is for the views of signed-in users')
  return api
}
