import type { ReactNode } from 'react'
import type { CombinedError, OperationContext } from 'urql'
import { Failure, Loading } from '../components/states.tsx'

interface AnswerProps<Data> {
  result: { data?: Data; error?: CombinedError }
  reload: (options?: Partial<OperationContext>) => void
  children: (data: Data) => ReactNode
}

/** What a query returned, or that it is loading, or why it failed. After a failure, earlier data stays. */
export function Answer<Data>({ result: { data, error }, reload, children }: AnswerProps<Data>) {
  const isDenied = error !== undefined && error.networkError === undefined
  return (
    <>
      {error && <Failure error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      {data && !isDenied ? children(data) : !error && <Loading />}
    </>
  )
}
