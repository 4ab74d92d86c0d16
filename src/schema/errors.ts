import { Forbidden, InvalidInput, NotFound, NotSignedIn, RateLimited } from '../base/errors.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'

// The error types that any field may return. An error of one domain type is in the file of this type.

builder.objectType(InvalidInput, {
  name: 'InvalidInput',
  description: 'The input is invalid.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ field: t.exposeString('field', { description: 'The field that is invalid.' }) }),
})

builder.objectType(NotFound, {
  name: 'NotFound',
  description: 'The object does not exist, or you may not see it.',
  interfaces: [ErrorInterface],
})

builder.objectType(NotSignedIn, {
  name: 'NotSignedIn',
  description: 'Authentication is required.',
  interfaces: [ErrorInterface],
})

builder.objectType(RateLimited, {
  name: 'RateLimited',
  description: 'You sent too many requests.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAfter: t.exposeInt('retryAfter', { description: 'Seconds until you may retry.' }),
  }),
})

builder.objectType(Forbidden, {
  name: 'Forbidden',
  description: 'Your role or status does not allow this.',
  interfaces: [ErrorInterface],
})
