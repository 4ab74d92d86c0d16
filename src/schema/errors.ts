import { errorCodes } from '../base/error-codes.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn, RateLimited } from '../base/errors.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'

// The error types that any field may return. An error of one domain type is in the file of this type.

builder.objectType(InvalidInput, {
  name: 'InvalidInput',
  ...errorCodes.INVALID_INPUT,
  interfaces: [ErrorInterface],
  fields: (t) => ({ field: t.exposeString('field', { description: 'The field that is invalid.' }) }),
})

builder.objectType(NotFound, {
  name: 'NotFound',
  ...errorCodes.NOT_FOUND,
  interfaces: [ErrorInterface],
})

builder.objectType(NotSignedIn, {
  name: 'NotSignedIn',
  ...errorCodes.NOT_SIGNED_IN,
  interfaces: [ErrorInterface],
})

builder.objectType(RateLimited, {
  name: 'RateLimited',
  ...errorCodes.RATE_LIMITED,
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAfter: t.exposeInt('retryAfter', { description: 'Seconds until you may retry.' }),
  }),
})

builder.objectType(Forbidden, {
  name: 'Forbidden',
  ...errorCodes.FORBIDDEN,
  interfaces: [ErrorInterface],
})
