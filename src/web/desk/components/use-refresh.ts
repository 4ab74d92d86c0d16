import { useEffect, useRef } from 'react'

/**
 * Reads again when the window becomes visible.
 * @param everyMs reads again at this interval too, while the window is visible
 */
export function useRefresh(reload: () => void, everyMs?: number): void {
  const latest = useRef(reload)
  latest.current = reload
  useEffect(() => {
    const refresh = () => {
      if (document.visibilityState === 'visible' && navigator.onLine) latest.current()
    }
    const timer = everyMs === undefined ? undefined : setInterval(refresh, everyMs)
    document.addEventListener('visibilitychange', refresh)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', refresh)
    }
  }, [everyMs])
}
