import type { Config } from '../../config/config.ts'
import type { Services } from '../../graphql/context.ts'
import type { Bundles } from '../build/bundles.ts'
import type { Site } from '../pages/site.ts'

export interface SiteDeps {
  config: Config
  base: string
  services: Pick<Services, 'publicUrl'>
}

/** What the reader's pages of this gateway have in common. */
export function siteOf({ addresses }: Bundles, { config, base, services }: SiteDeps): Site {
  return {
    outlet: config.outlet,
    base,
    publicUrl: services.publicUrl,
    style: `${base}${addresses['pages.css']}`,
    script: `${base}${addresses['page.js']}`,
    widget: `${base}/widget.js`,
    isDevelopment: config.auth.kind === 'development',
    signIn: config.signIn,
  }
}
