import type { ArticleDraft } from '../../articles/draft.ts'
import { agencyPicture, h, p } from '../blocks.ts'

export const developmentRoad: ArticleDraft = {
  slug: 'iraq-signs-development-road-accord',
  canonicalUrl: 'https://dateline.example/economy/iraq-signs-development-road-accord',
  language: 'en',
  kicker: 'Trade routes',
  headline: 'Four countries sign up to a road and railway from the Gulf to Turkey',
  standfirst:
    'Iraq’s Development Road would cost about 17 billion dollars. Qatar and the Emirates are now on board.',
  dateline: { text: 'BAGHDAD', place: 'Baghdad', region: 'Iraq' },
  byline: 'Dateline economy desk',
  topic: { slug: 'economy', label: 'Economy' },
  publishedAt: new Date('2024-04-22T18:45:00Z'),
  leadImage: agencyPicture(
    'railway-port',
    'Reuters',
    'Drawing of a railway line and a road leading from harbour cranes towards mountains',
    'The route would start at the Grand Faw Port, at the head of the Gulf.',
  ),
  people: [
    { person: 'mohammed-shia-al-sudani', namedIn: 'ARTICLE', rolesAsPrinted: ['Prime Minister of Iraq'] },
    { person: 'recep-tayyip-erdogan', namedIn: 'ARTICLE', rolesAsPrinted: ['President of Turkey'] },
  ],
  organisations: [{ organisation: 'reuters', namedIn: 'CREDIT' }],
  blocks: [
    p(
      'Iraq, Turkey, Qatar and the United Arab Emirates agreed in Baghdad on Monday to work together on the Development Road, a railway and motorway that would carry goods overland between the Gulf and Europe.',
    ),
    p(
      'Prime Minister of Iraq Mohammed Shia al-Sudani and Recep Tayyip Erdogan, President of Turkey, looked on as the four ministers in charge signed the memorandum. It was Erdogan’s first visit to Iraq since 2011.',
    ),
    h('1,200 kilometres'),
    p(
      'The line is to run some 1,200 kilometres through Iraq, from the Grand Faw Port near Basra to the Turkish border. Three phases are planned, ending in 2028, 2033 and 2050.',
    ),
    {
      kind: 'QUOTATION',
      text: 'The four countries will draw up the frameworks that the project needs',
      direct: false,
      via: { text: 'the media office of the Iraqi prime minister' },
    },
    p(
      'For Iraq, which lives almost entirely on oil, the project promises transit fees, jobs and industry along the tracks. Who pays for it is still to be settled.',
    ),
    h('Water and security'),
    p(
      'The two governments also signed a framework on water, a sore point as Turkish dams and drought have left less of the Tigris and Euphrates to Iraq, and spoke about the Kurdistan Workers’ Party (PKK), which Baghdad had banned shortly before.',
    ),
    p('Erdogan went on to Erbil the same day to meet the leaders of the Kurdistan Region.'),
  ],
}
