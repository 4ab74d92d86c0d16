import type { ViewProps } from '../shell/view-props.ts'
import { ReaderList } from './reader-list.tsx'
import { ReaderPage } from './reader-page.tsx'

/** All readers, or the one that the path names by id. */
export default function ReadersView({ rest: [id] }: ViewProps) {
  return id === undefined ? <ReaderList /> : <ReaderPage key={id} id={id} />
}
