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
  summary: 'adds a partner, and prints its key',
  usage: `SLUG --name NAME [--per-minute N] [--per-day N] [LICENCE]

  SLUG                 the partner's name in commands: lower-case letters, digits, hyphens
  --name NAME          what it is called
  --per-minute N       requests it may make in a minute; 60 unless told otherwise
  --per-day N          requests it may make in a day (UTC); 20000 unless told otherwise

LICENCE is what it may have; it may have nothing that is not said here:
${licenceUsage}`,
  read(args) {
    const { slug, values } = readSlug(args, options)
    const { name } = values
    if (name === undefined) throw new SetupError('--name is missing: what is the partner called?')
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
      return `Added ${slug}.\n${coverage}Its key for the header:\n${keyText(key.text)}`
    }
  },
}
