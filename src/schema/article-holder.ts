import { builder } from '../graphql/builder.ts'
import { type Confirmation, type Holder, mustStillRemove } from '../syndication/recall.ts'
import { DeliveryMethod } from './delivery-method.ts'

export const ArticleHolder = builder.objectRef<Holder>('ArticleHolder').implement({
  description: 'The state of an article at one partner.',
  fields: (t) => ({
    partner: t.string({ description: 'The slug of the partner.', resolve: ({ partner }) => partner.slug }),
    partnerName: t.string({
      description: 'The name of the outlet.',
      resolve: ({ partner }) => partner.name,
    }),
    version: t.exposeInt('version', { description: 'The newest version that was delivered.' }),
    since: t.expose('since', { type: 'DateTime', description: 'When the newest version was delivered.' }),
    via: t.field({
      type: [DeliveryMethod],
      description: 'The delivery methods.',
      resolve: ({ via }) => via,
    }),
    confirmed: t.exposeInt('confirmed', {
      nullable: true,
      description: 'The newest version that the partner acknowledged.',
    }),
    confirmedAt: t.expose('confirmedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the partner acknowledged the version in "confirmed".',
    }),
    removalAttemptedAt: t.expose('removalAttemptedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first attempt to send the removal was made.',
    }),
    removalNotifiedAt: t.expose('removalNotifiedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the removal was first delivered: the partner fetched it, answered 2xx, or confirmed it to an editor. ' +
        'Null before that.',
    }),
    confirmations: t.field({
      type: [RemovalConfirmation],
      description: 'Confirmations by phone or mail that editors recorded, latest first.',
      resolve: ({ confirmations }) => confirmations,
    }),
    removedAt: t.expose('removedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the partner confirmed the removal.',
    }),
    mayKeep: t.exposeBoolean('mayKeep', {
      description: 'Whether the licence of the partner covers the article now.',
    }),
    mustStillRemove: t.boolean({
      description: 'Whether the partner must remove the article and has not confirmed the removal.',
      resolve: mustStillRemove,
    }),
  }),
})

const RemovalConfirmation = builder.objectRef<Confirmation>('RemovalConfirmation').implement({
  description: "An editor's record that a partner confirmed the removal of an article.",
  fields: (t) => ({
    editorName: t.exposeString('editorName', { nullable: true, description: 'The name of the editor.' }),
    note: t.exposeString('note', { description: 'Who confirmed the removal, and how.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the confirmation was recorded.' }),
  }),
})
