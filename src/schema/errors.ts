import { Forbidden, InvalidInput, NotFound, NotSignedIn, RateLimited } from '../base/errors.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'

// The failures that any noun may answer with, as types of the schema. A noun's own stand beside it.

builder.objectType(InvalidInput, {
  name: 'InvalidInput',
  description: 'The input breaks a rule.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ field: t.exposeString('field', { description: 'The part of the input at fault.' }) }),
})

builder.objectType(NotFound, {
  name: 'NotFound',
  description: 'There is no such thing, or none that you may see.',
  interfaces: [ErrorInterface],
})

builder.objectType(NotSignedIn, {
  name: 'NotSignedIn',
  description: 'A token is needed.',
  interfaces: [ErrorInterface],
})

builder.objectType(RateLimited, {
  name: 'RateLimited',
  description: 'You sent too many requests.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAfter: t.exposeInt('retryAfter', { description: 'Seconds until you may try again.' }),
  }),
})

builder.objectType(Forbidden, {
  name: 'Forbidden',
  description: 'Your role or standing does not allow this.',
  interfaces: [ErrorInterface],
})
