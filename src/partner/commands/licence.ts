import { SetupError } from '../../errors.ts'
import { setLicence } from '../licence.ts'
import { licenceOptions, licenceUsage, readTerms } from './licence-options.ts'
import { readSlug, type Subcommand } from './subcommand.ts'

/** npm run partner -- licence */
export const licence: Subcommand = {
  summary: 'changes what a partner may have',
  usage: `SLUG LICENCE

What is not given stays as it is; "show" says how it stands.
${licenceUsage}`,
  read(args) {
    const { slug, values } = readSlug(args, licenceOptions)
    const terms = readTerms(values)
    if (Object.keys(terms).length === 0) throw new SetupError('Say what changes. See --help.')
    return async (deps) => {
      const { licence: now, changed } = await setLicence({ slug, terms }, deps)
      return changed
        ? `The licence of ${slug} is at version ${now.version}.\n`
        : `The licence of ${slug} says so already (version ${now.version}).\n`
    }
  },
}
