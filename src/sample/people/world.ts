import type { PersonDraft } from '../../articles/draft.ts'

/** Heads of world bodies, scientists, astronauts and footballers. */
export const worldPeople: PersonDraft[] = [
  {
    slug: 'hasan-ahmed-qasim',
    name: 'Hasan Ahmed Qasim',
    description: 'A Kurdish archaeologist, chairman of the Kurdistan Archaeology Organization.',
    names: [
      { text: 'حەسەن ئەحمەد قاسم', kind: 'ALIAS', language: 'ckb' },
      { text: 'Hasan Qasim', kind: 'TRANSLITERATION', language: 'ckb' },
    ],
    affiliations: [{ organisation: 'kurdistan-archaeology-organization', title: 'chairman' }],
  },
  {
    slug: 'ivana-puljiz',
    name: 'Ivana Puljiz',
    description: 'An archaeologist of the ancient Near East at the University of Freiburg.',
    affiliations: [{ organisation: 'university-of-freiburg', title: 'junior professor' }],
  },
  {
    slug: 'peter-pfalzner',
    name: 'Peter Pfälzner',
    description: 'An archaeologist of the ancient Near East at the University of Tübingen.',
    names: [{ text: 'Peter Pfaelzner', kind: 'TRANSLITERATION', language: 'de' }],
    affiliations: [{ organisation: 'university-of-tubingen', title: 'professor' }],
  },
  {
    slug: 'bill-nelson',
    name: 'Bill Nelson',
    description: 'A US politician, Administrator of NASA from 2021 to 2025.',
    affiliations: [
      {
        organisation: 'nasa',
        title: 'Administrator',
        from: new Date('2021-05-03'),
        to: new Date('2025-01-20'),
      },
    ],
  },
  {
    slug: 'sultan-al-jaber',
    name: 'Sultan Al Jaber',
    description: 'An Emirati minister and head of the oil company ADNOC, president of COP28.',
    names: [
      { text: 'سلطان الجابر', kind: 'ALIAS', language: 'ar' },
      { text: 'Sultan Ahmed Al Jaber', kind: 'TRANSLITERATION', language: 'ar' },
    ],
  },
  {
    slug: 'simon-stiell',
    name: 'Simon Stiell',
    description: 'A politician from Grenada, head of UN Climate Change since 2022.',
    affiliations: [{ organisation: 'unfccc', title: 'Executive Secretary', from: new Date('2022-08-15') }],
  },
  {
    slug: 'antonio-guterres',
    name: 'António Guterres',
    description: 'A Portuguese politician, Secretary-General of the United Nations since 2017.',
    names: [
      { text: 'Guterres', kind: 'ALIAS', language: 'en' },
      { text: 'أنطونيو غوتيريش', kind: 'ALIAS', language: 'ar' },
      { text: 'ئەنتۆنیۆ گۆتێرێس', kind: 'ALIAS', language: 'ckb' },
    ],
    affiliations: [
      {
        organisation: 'unhcr',
        title: 'UN High Commissioner for Refugees',
        from: new Date('2005-06-15'),
        to: new Date('2015-12-31'),
      },
      { organisation: 'united-nations', title: 'Secretary-General', from: new Date('2017-01-01') },
    ],
  },
  {
    slug: 'filippo-grandi',
    name: 'Filippo Grandi',
    description: 'An Italian diplomat, UN High Commissioner for Refugees from 2016 to 2025.',
    names: [{ text: 'فيليبو غراندي', kind: 'ALIAS', language: 'ar' }],
    affiliations: [
      {
        organisation: 'unhcr',
        title: 'UN High Commissioner for Refugees',
        from: new Date('2016-01-01'),
        to: new Date('2025-12-31'),
      },
    ],
  },
  {
    slug: 'annalena-baerbock',
    name: 'Annalena Baerbock',
    description: 'A German politician, president of the UN General Assembly elected in 2025.',
    names: [{ text: 'أنالينا بيربوك', kind: 'ALIAS', language: 'ar' }],
    affiliations: [
      {
        organisation: 'united-nations',
        title: 'President of the General Assembly',
        from: new Date('2025-09-09'),
      },
    ],
  },
  {
    slug: 'tedros-adhanom-ghebreyesus',
    name: 'Tedros Adhanom Ghebreyesus',
    description: 'An Ethiopian politician, Director-General of the World Health Organization since 2017.',
    names: [
      { text: 'Tedros', kind: 'ALIAS', language: 'en' },
      { text: 'تيدروس أدهانوم غيبريسوس', kind: 'ALIAS', language: 'ar' },
      { text: 'ቴዎድሮስ አድሓኖም', kind: 'ALIAS', language: 'am' },
    ],
    affiliations: [{ organisation: 'who', title: 'Director-General', from: new Date('2017-07-01') }],
  },
  {
    slug: 'celeste-saulo',
    name: 'Celeste Saulo',
    description:
      'An Argentine meteorologist, Secretary-General of the World Meteorological Organization since 2024.',
    affiliations: [{ organisation: 'wmo', title: 'Secretary-General', from: new Date('2024-01-01') }],
  },
  {
    slug: 'jesus-casas',
    name: 'Jesús Casas',
    description: 'A Spanish football coach who led Iraq’s national team at the Gulf Cup of 2023.',
    names: [{ text: 'خيسوس كاساس', kind: 'ALIAS', language: 'ar' }],
  },
  {
    slug: 'manaf-younis',
    name: 'Manaf Younis',
    description: 'An Iraqi footballer.',
    names: [{ text: 'مناف يونس', kind: 'ALIAS', language: 'ar' }],
  },
  {
    slug: 'ibrahim-bayesh',
    name: 'Ibrahim Bayesh',
    description: 'An Iraqi footballer.',
    names: [{ text: 'إبراهيم بايش', kind: 'ALIAS', language: 'ar' }],
  },
  {
    slug: 'amjad-attwan',
    name: 'Amjad Attwan',
    description: 'An Iraqi footballer.',
    names: [{ text: 'أمجد عطوان', kind: 'ALIAS', language: 'ar' }],
  },
  {
    slug: 'salaah-al-yahyaei',
    name: 'Salaah Al-Yahyaei',
    description: 'An Omani footballer.',
    names: [{ text: 'صلاح اليحيائي', kind: 'ALIAS', language: 'ar' }],
  },
  {
    slug: 'omar-al-malki',
    name: 'Omar Al-Malki',
    description: 'An Omani footballer.',
    names: [{ text: 'عمر المالكي', kind: 'ALIAS', language: 'ar' }],
  },
  {
    slug: 'ursula-von-der-leyen',
    name: 'Ursula von der Leyen',
    description: 'A German politician, president of the European Commission since 2019.',
    names: [
      { text: 'von der Leyen', kind: 'ALIAS', language: 'en' },
      { text: 'أورسولا فون دير لاين', kind: 'ALIAS', language: 'ar' },
    ],
    externalIds: { wikidata: 'Q60772' },
    affiliations: [{ organisation: 'european-commission', title: 'President', from: new Date('2019-12-01') }],
  },
  {
    slug: 'thierry-breton',
    name: 'Thierry Breton',
    description: 'A French politician, European commissioner for the internal market from 2019 to 2024.',
    affiliations: [
      {
        organisation: 'european-commission',
        title: 'Commissioner for the internal market',
        from: new Date('2019-12-01'),
        to: new Date('2024-09-16'),
      },
    ],
  },
  {
    slug: 'recep-tayyip-erdogan',
    name: 'Recep Tayyip Erdogan',
    description: 'President of Turkey since 2014.',
    names: [
      { text: 'Recep Tayyip Erdoğan', kind: 'ALIAS', language: 'tr' },
      { text: 'رجب طيب أردوغان', kind: 'ALIAS', language: 'ar' },
      { text: 'ڕەجەب تەیب ئەردۆغان', kind: 'ALIAS', language: 'ckb' },
    ],
    externalIds: { wikidata: 'Q39259' },
    affiliations: [
      { organisation: 'presidency-of-turkey', title: 'President', from: new Date('2014-08-28') },
    ],
  },
  {
    slug: 'alper-gezeravci',
    name: 'Alper Gezeravcı',
    description: 'A pilot of the Turkish air force, Turkey’s first astronaut.',
    names: [{ text: 'Gezeravcı', kind: 'ALIAS', language: 'tr' }],
  },
  {
    slug: 'tuva-cihangir-atasever',
    name: 'Tuva Cihangir Atasever',
    description: 'A Turkish engineer and astronaut.',
  },
  {
    slug: 'michael-lopez-alegria',
    name: 'Michael López-Alegría',
    description: 'An American and Spanish astronaut, commander of Ax-3.',
    affiliations: [{ organisation: 'axiom-space', title: 'chief astronaut' }],
  },
  {
    slug: 'walter-villadei',
    name: 'Walter Villadei',
    description: 'An officer of the Italian air force and astronaut, pilot of Ax-3.',
  },
  {
    slug: 'marcus-wandt',
    name: 'Marcus Wandt',
    description: 'A Swedish astronaut, mission specialist of Ax-3.',
    affiliations: [{ organisation: 'european-space-agency', title: 'project astronaut' }],
  },
  {
    slug: 'audrey-azoulay',
    name: 'Audrey Azoulay',
    description: 'A French politician, Director-General of UNESCO from 2017 to 2025.',
    names: [
      { text: 'أودري أزولاي', kind: 'ALIAS', language: 'ar' },
      { text: 'ئۆدرێ ئازولای', kind: 'ALIAS', language: 'ckb' },
    ],
    affiliations: [
      {
        organisation: 'unesco',
        title: 'Director-General',
        from: new Date('2017-11-15'),
        to: new Date('2025-11-14'),
      },
    ],
  },
]
