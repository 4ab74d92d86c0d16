import type { ArticleDraft } from '../../articles/draft.ts'
import { warmestYear2024 } from './2024-warmest-year-on-record.ts'
import { salihLeadsUnhcr } from './barham-salih-takes-office-at-unhcr.ts'
import { cop28Deal } from './cop28-transition-away-from-fossil-fuels.ts'
import { hottestYear2023 } from './copernicus-2023-hottest-year.ts'
import { dartMovesAsteroid } from './dart-moves-an-asteroid.ts'
import { bronzeAgeCity } from './drought-bares-a-bronze-age-city.ts'
import { aiActInForce } from './eu-ai-act-enters-into-force.ts'
import { gezeravciReturns } from './gezeravci-returns-to-earth.ts'
import { halabjaProvince } from './halabja-becomes-a-province.ts'
import { spaceStationComesDown } from './how-the-space-station-will-come-down.ts'
import { iraqReinforcesBorder } from './iraq-reinforces-border-with-syria.ts'
import { developmentRoad } from './iraq-signs-development-road-accord.ts'
import { gulfCupInBasra } from './iraq-wins-the-gulf-cup-in-basra.ts'
import { lastTerritoryFalls } from './last-isis-territory-in-syria-falls.ts'
import { nuriMosqueReopens } from './mosul-nuri-mosque-reopens.ts'
import { strikeAtBaghdadAirport } from './us-strike-at-baghdad-airport.ts'
import { covidEmergencyEnds } from './who-ends-covid-emergency.ts'

/** The stories of the sample newsroom; the first is the one that the guides and first queries use. */
export const articles: ArticleDraft[] = [
  iraqReinforcesBorder,
  lastTerritoryFalls,
  strikeAtBaghdadAirport,
  bronzeAgeCity,
  dartMovesAsteroid,
  gulfCupInBasra,
  covidEmergencyEnds,
  cop28Deal,
  gezeravciReturns,
  developmentRoad,
  aiActInForce,
  halabjaProvince,
  nuriMosqueReopens,
  salihLeadsUnhcr,
  spaceStationComesDown,
  warmestYear2024,
  hottestYear2023,
]
