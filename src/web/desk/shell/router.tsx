import { type ComponentProps, type MouseEvent, useMemo, useSyncExternalStore } from 'react'
import { deskPath } from './settings.ts'

/** Where the user is: the path below the desk ("/readers/…"), and the filters in the address. */
export interface Place {
  path: string
  search: URLSearchParams
}

const listeners = new Set<() => void>()
window.addEventListener('popstate', notify)

function notify(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const addressNow = () => location.pathname + location.search

/** The place, as a state of the component. */
export function usePlace(): Place {
  const address = useSyncExternalStore(subscribe, addressNow)
  return useMemo(() => placeOf(address), [address])
}

function placeOf(address: string): Place {
  const { pathname, searchParams } = new URL(address, location.href)
  const path = pathname.startsWith(deskPath) ? pathname.slice(deskPath.length) : ''
  return { path: path.replace(/\/$/, '') || '/', search: searchParams }
}

/** Goes to a path below the desk, with its filters. `replace` leaves no step for the back button. */
export function navigate(to: string, { replace = false } = {}): void {
  const address = addressOf(to)
  if (address === addressNow()) return
  if (replace) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  notify()
}

/** Shows a whole address of the desk instead of the current one. */
export function replaceAddress(address: string): void {
  history.replaceState(null, '', address)
  notify()
}

/** The address of a path below the desk. */
export function addressOf(to: string): string {
  return `${deskPath}${to === '/' ? '' : to.replace(/^\/(?=\?)/, '')}`
}

/** Changes filters in the address; null removes one. Every change is a step for the back button. */
export function setFilters(changes: Readonly<Record<string, string | null>>, options?: { replace: boolean }) {
  const { path, search } = placeOf(addressNow())
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') search.delete(name)
    else search.set(name, value)
  }
  const query = search.toString()
  navigate(query ? `${path}?${query}` : path, options)
}

/** A filter in the address, and the function that changes it. */
export function useFilter(name: string): [string | null, (value: string | null) => void] {
  const { search } = usePlace()
  return [search.get(name), (value) => setFilters({ [name]: value })]
}

/** A link to a path below the desk. */
export function DeskLink({ to, ...rest }: { to: string } & Omit<ComponentProps<'a'>, 'href'>) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(to)
  }
  return <a {...rest} href={addressOf(to)} onClick={follow} />
}
