import { expect } from 'vitest'

/** The result as the member of its union that it is expected to be; fails when it is another. */
export function member<Union extends { __typename: string }, Name extends Union['__typename']>(
  name: Name,
  result: Union,
): Extract<Union, { __typename: Name }> {
  expect(result).toMatchObject({ __typename: name })
  return result as Extract<Union, { __typename: Name }>
}
