import { useSyncExternalStore } from 'react'
import { type DeskText, useText } from '../shell/texts.ts'
import { useDates } from './formats.ts'

/** The date and time in the language of the desk, in the time zone of the browser. */
export function Time({ at }: { at: string }) {
  return <time dateTime={at}>{useDates().moment(new Date(at))}</time>
}

/** How long ago something was: "3 minutes ago"; the exact time is in the tooltip. It is updated every minute. */
export function Age({ at }: { at: string }) {
  const text = useText()
  const dates = useDates()
  const now = useSyncExternalStore(subscribeToMinutes, () => minute)
  return (
    <time dateTime={at} title={dates.moment(new Date(at))}>
      {now - Date.parse(at) > DATE_FROM_MS ? dates.day(new Date(at)) : ageText(text, at, now)}
    </time>
  )
}

/** Beyond this age, the date says more than the number of days. */
const DATE_FROM_MS = 60 * 24 * 3_600_000

export function ageText(text: DeskText, at: string, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / 60_000))
  if (minutes < 1) return text('age.now')
  if (minutes < 60) return text('age.minutes', { count: minutes })
  if (minutes < 48 * 60) return text('age.hours', { count: Math.floor(minutes / 60) })
  return text('age.days', { count: Math.floor(minutes / (24 * 60)) })
}

/** One timer for all ages on the page. */
let minute = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribeToMinutes(listener: () => void): () => void {
  if (listeners.size === 0) {
    minute = Date.now()
    timer = setInterval(() => {
      minute = Date.now()
      for (const each of listeners) each()
    }, 30_000)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}
