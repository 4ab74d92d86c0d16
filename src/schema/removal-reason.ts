import { builder } from '../graphql/builder.ts'

export const RemovalReason = builder.enumType('RemovalReason', {
  description: 'The reason for a removal.',
  values: {
    WITHHELD: { description: 'The article was withheld. It may be released later.' },
    CANCELED: { description: 'The article was canceled. It must not be used again.' },
    EMBARGOED: { description: 'The article is under embargo: it may not be shown before a future time.' },
    LICENCE: { description: 'The licence does not cover the article.' },
  } as const,
})

// The descriptions of the texts that the newsroom gives with a removal.
export const PUBLIC_REASON = 'The reason to give to the public; null if the newsroom gave none.'
export const ADVISORY = 'Instructions in addition to removing the article; null if the newsroom gave none.'
