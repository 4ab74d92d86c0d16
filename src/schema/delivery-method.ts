import { builder } from '../graphql/builder.ts'

export const DeliveryMethod = builder.enumType('DeliveryMethod', {
  description: 'The delivery method.',
  values: {
    GRAPHQL: { description: 'A GraphQL query.' },
    SUBSCRIPTION: { description: 'A GraphQL subscription.' },
    REST: { description: 'A REST request.' },
    FEED: { description: 'A feed request.' },
    WEBHOOK: { description: 'A webhook message.' },
    WEBSUB: { description: 'A WebSub notification.' },
  } as const,
})
