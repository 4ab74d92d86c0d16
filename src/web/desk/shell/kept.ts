import { useState } from 'react'
import { read, remove, write } from './kept-storage.ts'
import { useViewer } from './viewer.ts'

/**
 * A state of what the user is writing, that stays in this window when the sign-in expires or the desk is reloaded.
 * @returns the value, the function that changes it, and the function that forgets it when it was sent
 */
export function useKept<Value>(name: string, initial: Value): [Value, (value: Value) => void, () => void] {
  const { displayName } = useViewer()
  const key = `${displayName}:${name}`
  const [value, setValue] = useState<Value>(() => read<Value>(key) ?? initial)
  const change = (next: Value) => {
    setValue(next)
    write(key, next)
  }
  return [value, change, () => remove(key)]
}
