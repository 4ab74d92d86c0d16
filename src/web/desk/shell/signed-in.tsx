import { useEffect, useState } from 'react'
import { Provider as UrqlProvider, useQuery } from 'urql'
import { DeskViewerDocument } from '../../../../schema/documents.ts'
import { Failure, Loading } from '../components/states.tsx'
import { type Api, createApi } from './api.ts'
import { Frame } from './frame.tsx'
import { NoAccess } from './no-access.tsx'
import { includesRole } from './roles.ts'
import { StatusBanner } from './status-banner.tsx'
import { ApiContext, ViewerContext } from './viewer.ts'

/** The views, with an API of its own for each sign-in. */
export function SignedIn() {
  const [api, setApi] = useState<Api | null>(null)
  useEffect(() => {
    const created = createApi()
    setApi(created)
    return () => created.close()
  }, [])
  if (!api) return <Loading />
  return (
    <ApiContext value={api}>
      <UrqlProvider value={api.client}>
        <Identified />
      </UrqlProvider>
    </ApiContext>
  )
}

/** Asks the API who the user is: it decides about the role. */
function Identified() {
  const [{ data, error }, reload] = useQuery({ query: DeskViewerDocument })
  if (error && !data) {
    return (
      <>
        <StatusBanner />
        <Failure error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
      </>
    )
  }
  if (!data) return <Loading />
  const { viewer } = data
  if (!viewer || !includesRole(viewer.role, 'MODERATOR'))
    return <NoAccess name={viewer?.displayName ?? null} />
  return (
    <ViewerContext value={{ role: viewer.role, displayName: viewer.displayName ?? '' }}>
      <Frame />
    </ViewerContext>
  )
}
