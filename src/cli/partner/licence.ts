import { SetupError } from '../../base/errors.ts'
import { setLicence } from '../../licensing/licence.ts'
import { licenceCoverage } from '../../syndication/coverage.ts'
import { coverageText } from './coverage-text.ts'
import { licenceOptions, licenceUsage, readTerms } from './licence-options.ts'
import { readSlug, type Subcommand } from './subcommand.ts'

/** npm run partner -- licence */
export const licence: Subcommand = {
  summary: 'updates the licence of a partner',
  usage: `SLUG LICENCE

Omitted options keep their value; "show" prints the current licence. Prints how many articles and images the licence
covers now, and a warning for each topic, section, language or agency that matches no article or image.
${licenceUsage}`,
  read(args) {
    const { slug, values } = readSlug(args, licenceOptions)
    const terms = readTerms(values)
    if (Object.keys(terms).length === 0) throw new SetupError('Give at least one licence option. See --help.')
    return async (deps) => {
      const { licence, changed } = await setLicence({ slug, terms }, deps)
      const outcome = changed
        ? `The licence of ${slug} is at version ${licence.version}.\n`
        : `The licence of ${slug} is unchanged (version ${licence.version}).\n`
      return outcome + coverageText(await licenceCoverage(licence, { db: deps.prisma, now: deps.now }))
    }
  },
}
