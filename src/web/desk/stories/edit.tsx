import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { ReactNode } from 'react'
import { useClient } from 'urql'
import { useErrorText } from '../components/errors.ts'
import { useToast } from '../components/toasts.tsx'
import { ConflictNotice } from './conflict-notice.tsx'
import type { StoryProps } from './with-story.tsx'

/** What every edit of a story sends. */
interface EditInput {
  id: string
  version: number
}

/** The result of an edit: the payload of its mutation, or an expected error. */
interface EditAnswer {
  __typename: string
  version?: number
  code?: string
  message?: string
}

type Edit<Input extends EditInput> = TypedDocumentNode<Readonly<Record<string, EditAnswer>>, { input: Input }>

interface EditOptions extends StoryProps {
  /** The version that the user read, if that is not the story's. */
  version?: number
  /** Called when somebody else changed the story first, with the notice that says so. */
  onConflict?(notice: ReactNode): void
}

/**
 * Returns the function that edits a story. It returns what went wrong, or null. If somebody else changed the story
 * first, nothing is written: it says who changed what, and the next try is for the new version.
 */
export function useEdit({ story, reload, version = story.version, onConflict }: EditOptions) {
  const client = useClient()
  const errorText = useErrorText()
  const toast = useToast()
  return async <Input extends EditInput>(
    document: Edit<Input>,
    input: Omit<Input, keyof EditInput>,
    done: string,
  ): Promise<ReactNode> => {
    const versioned = { ...input, id: story.id, version } as Input
    const { data, error } = await client.mutation(document, { input: versioned }).toPromise()
    if (error) return errorText(error)
    const answer = Object.values(data ?? {}).find((value) => typeof value === 'object')
    if (answer?.__typename === 'EditConflict') {
      reload()
      const notice = <ConflictNotice story={story} seen={version} current={answer.version ?? 0} />
      onConflict?.(notice)
      return notice
    }
    if (answer === undefined || answer.code !== undefined) {
      return errorText({ code: answer?.code ?? '', message: answer?.message ?? '' })
    }
    toast({ kind: 'done', text: done })
    return null
  }
}
