import type { Plugin } from 'graphql-yoga'
import type { Viewer } from '../../auth/viewer.ts'
import type { Context } from '../../graphql/context.ts'
import { httpError } from '../errors.ts'
import type { NamingParams } from './document-id.ts'
import { refusalOfDocument } from './document-limits.ts'
import type { RequestedDocuments } from './requested-documents.ts'
import type { ServerContext } from './server-context.ts'

export interface DocumentAccess {
  documents: RequestedDocuments
  /** Authenticates an HTTP request. */
  authenticate: (request: Request, context: ServerContext) => Promise<Viewer>
  /** Whether an HTTP request may send any document, for every viewer. */
  isExempt: (request: Request, context: ServerContext) => boolean
}

/**
 * Replaces the id of a document by its text over HTTP, and refuses documents that are not open to the viewer. Valid
 * documents that were sent with their hash are kept, over all transports. Websockets call `RequestedDocuments` before
 * an operation is parsed.
 */
export function useRequestedDocuments(
  access: DocumentAccess,
): Plugin<Context & ServerContext, ServerContext> {
  const { documents, authenticate, isExempt } = access
  return {
    onParams({ params, setParams, request, context }) {
      const resolved = documents.resolve(params)
      if (resolved !== params) setParams(resolved)
      if (documents.isOpen(resolved.query)) return
      if (isExempt(request, context)) {
        // Others may not send this document.
        context.reads?.markPrivate()
        return
      }
      return authenticate(request, context).then((viewer) => {
        // The context is created with the same viewer.
        context.viewer = viewer
        const refusal = documents.refusalFor(viewer, resolved.query)
        if (refusal) throw httpError(refusal)
      })
    },
    onValidate({ params: { documentAST }, context }) {
      return ({ valid }) => {
        const { params } = context as { params?: NamingParams }
        if (valid && params && refusalOfDocument(documentAST) === null) documents.keep(params)
      }
    },
  }
}
