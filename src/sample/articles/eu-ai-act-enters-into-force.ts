import type { ArticleDraft } from '../../articles/draft.ts'
import { h, ownPicture, p } from '../blocks.ts'

export const aiActInForce: ArticleDraft = {
  slug: 'eu-ai-act-enters-into-force',
  canonicalUrl: 'https://dateline.example/technology/eu-ai-act-enters-into-force',
  language: 'en',
  kicker: 'Artificial intelligence',
  headline: 'Europe’s law on artificial intelligence enters into force',
  standfirst: 'Most of the AI Act applies only in two years, but its bans come within six months.',
  dateline: { text: 'BRUSSELS', place: 'Brussels', region: 'Belgium' },
  byline: 'Dateline technology desk',
  topic: { slug: 'technology', label: 'Technology' },
  publishedAt: new Date('2024-08-01T07:30:00Z'),
  leadImage: ownPicture(
    'circuit-scales',
    'Drawing of a pair of scales on a background of circuit lines and stars',
    'The law sorts uses of artificial intelligence by their risk.',
  ),
  people: [
    {
      person: 'ursula-von-der-leyen',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['president of the European Commission'],
    },
    {
      person: 'thierry-breton',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['commissioner for the internal market'],
    },
  ],
  blocks: [
    p(
      'The European Union’s law on artificial intelligence, the first of its breadth anywhere, entered into force on Thursday. It applies step by step until 2027.',
    ),
    p(
      'The European Commission proposed the AI Act in April 2021, before ChatGPT made the subject one for dinner tables. The European Parliament adopted it this March by 523 votes to 46, and member states followed in May.',
    ),
    h('Four levels of risk'),
    p(
      'What matters is what a system is used for. Social scoring and software that manipulates people are forbidden, as is guessing the emotions of workers or pupils, with few exceptions. These bans apply from February 2025.',
    ),
    p(
      'Systems that help decide on jobs, loans, schooling or asylum count as high-risk: their makers must test them, document them and keep people in charge. Chatbots must say that they are machines. Spam filters and video games are left alone.',
    ),
    {
      kind: 'QUOTATION',
      text: 'The law gives Europe a framework that protects people and lets companies innovate',
      speaker: { organisation: 'european-commission' },
      direct: false,
    },
    h('Rules for the big models'),
    p(
      'Makers of general-purpose models must publish a summary of what they were trained on and respect copyright, from August 2025. The most powerful ones must also look for systemic risks.',
    ),
    p(
      'Thierry Breton, commissioner for the internal market, had fought for those rules against doubts in several capitals. Ursula von der Leyen, president of the European Commission, has set up an AI Office to enforce them.',
    ),
    p(
      'The heaviest fines reach 35 million euros or seven percent of a company’s worldwide turnover, whichever is more.',
    ),
  ],
}
