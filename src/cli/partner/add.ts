import { SetupError } from '../../base/errors.ts'
import { addPartner } from '../../licensing/add-partner.ts'
import { licenceCoverage } from '../../syndication/coverage.ts'
import { coverageText } from './coverage-text.ts'
import { licenceOptions, licenceUsage, readTerms } from './licence-options.ts'
import { keyText, readNumber, readSlug, type Subcommand } from './subcommand.ts'

const options = {
  ...licenceOptions,
  name: { type: 'string' },
  'per-minute': { type: 'string' },
  'per-day': { type: 'string' },
} as const

/** npm run partner -- add */
export const add: Subcommand = {
  summary: 'adds a partner and prints its API key',
  usage: `SLUG --name NAME [--per-minute N] [--per-day N] [LICENCE]

  SLUG                 the slug of the partner: lower-case letters, digits and hyphens
  --name NAME          the name of the outlet
  --per-minute N       maximum requests per minute; default 60
  --per-day N          maximum requests per day (UTC); default 20000

LICENCE options; an omitted option grants nothing:
${licenceUsage}`,
  read(args) {
    const { slug, values } = readSlug(args, options)
    const { name } = values
    if (name === undefined) throw new SetupError('--name is missing. Give the name of the outlet.')
    const order = {
      slug,
      name,
      quotaPerMinute: readNumber('--per-minute', values['per-minute']),
      quotaPerDay: readNumber('--per-day', values['per-day']),
      licence: readTerms(values),
    }
    return async (deps) => {
      const { partner, key } = await addPartner(order, deps)
      const licence = await deps.prisma.licence.findUniqueOrThrow({ where: { partnerId: partner.id } })
      const coverage = coverageText(await licenceCoverage(licence, { db: deps.prisma, now: deps.now }))
      return `Added ${slug}.\n${coverage}API key for the Authorization header:\n${keyText(key.text)}`
    }
  },
}
