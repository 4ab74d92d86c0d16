import type { OrganisationDraft } from '../../articles/draft.ts'

/** The United Nations, Europe, space agencies, companies and universities. */
export const worldOrganisations: OrganisationDraft[] = [
  {
    slug: 'united-nations',
    name: 'United Nations',
    description: 'The world organisation of 193 states, founded in 1945.',
    names: [
      { text: 'الأمم المتحدة', kind: 'ALIAS', language: 'ar' },
      { text: 'نەتەوە یەکگرتووەکان', kind: 'ALIAS', language: 'ckb' },
      { text: 'Birleşmiş Milletler', kind: 'ALIAS', language: 'tr' },
      { text: 'UN', kind: 'ACRONYM', language: 'en' },
    ],
    externalIds: { wikidata: 'Q1065' },
  },
  {
    slug: 'unhcr',
    name: 'UNHCR',
    description: 'The refugee agency of the United Nations, in Geneva.',
    names: [
      { text: 'UN refugee agency', kind: 'ALIAS', language: 'en' },
      { text: 'United Nations High Commissioner for Refugees', kind: 'ALIAS', language: 'en' },
      { text: 'المفوضية السامية للأمم المتحدة لشؤون اللاجئين', kind: 'ALIAS', language: 'ar' },
      { text: 'BM Mülteciler Yüksek Komiserliği', kind: 'ALIAS', language: 'tr' },
    ],
    externalIds: { wikidata: 'Q132551' },
  },
  {
    slug: 'unesco',
    name: 'UNESCO',
    description: 'The organisation of the United Nations for education, science and culture, in Paris.',
    names: [
      { text: 'اليونسكو', kind: 'ALIAS', language: 'ar' },
      { text: 'منظمة الأمم المتحدة للتربية والعلم والثقافة', kind: 'ALIAS', language: 'ar' },
      { text: 'یونسکۆ', kind: 'ALIAS', language: 'ckb' },
    ],
    externalIds: { wikidata: 'Q7809' },
  },
  {
    slug: 'unfccc',
    name: 'UN Climate Change',
    description: 'The secretariat of the UN convention on climate change, in Bonn.',
    names: [
      { text: 'UN Framework Convention on Climate Change', kind: 'ALIAS', language: 'en' },
      { text: 'اتفاقية الأمم المتحدة الإطارية بشأن تغير المناخ', kind: 'ALIAS', language: 'ar' },
      { text: 'UNFCCC', kind: 'ACRONYM', language: 'en' },
    ],
  },
  {
    slug: 'who',
    name: 'World Health Organization',
    description: 'The health agency of the United Nations, in Geneva.',
    names: [
      { text: 'World Health Organisation', kind: 'ALIAS', language: 'en' },
      { text: 'منظمة الصحة العالمية', kind: 'ALIAS', language: 'ar' },
      { text: 'ڕێکخراوی تەندروستیی جیهانی', kind: 'ALIAS', language: 'ckb' },
      { text: 'Dünya Sağlık Örgütü', kind: 'ALIAS', language: 'tr' },
      { text: 'WHO', kind: 'ACRONYM', language: 'en' },
      { text: 'DSÖ', kind: 'ACRONYM', language: 'tr' },
    ],
    externalIds: { wikidata: 'Q7817' },
  },
  {
    slug: 'wmo',
    name: 'World Meteorological Organization',
    description: 'The agency of the United Nations for weather, climate and water, in Geneva.',
    names: [
      { text: 'المنظمة العالمية للأرصاد الجوية', kind: 'ALIAS', language: 'ar' },
      { text: 'Dünya Meteoroloji Örgütü', kind: 'ALIAS', language: 'tr' },
      { text: 'WMO', kind: 'ACRONYM', language: 'en' },
    ],
  },
  {
    slug: 'aosis',
    name: 'Alliance of Small Island States',
    description: 'A group of island and low-lying coastal states in the UN climate talks.',
    names: [{ text: 'AOSIS', kind: 'ACRONYM', language: 'en' }],
  },
  {
    slug: 'copernicus-climate-change-service',
    name: 'Copernicus Climate Change Service',
    description: 'The European Union’s climate monitoring service.',
    names: [
      { text: 'Copernicus', kind: 'ALIAS', language: 'en' },
      { text: 'C3S', kind: 'ACRONYM', language: 'en' },
    ],
  },
  {
    slug: 'european-union',
    name: 'European Union',
    description: 'A union of 27 European states.',
    names: [
      { text: 'الاتحاد الأوروبي', kind: 'ALIAS', language: 'ar' },
      { text: 'یەکێتیی ئەورووپا', kind: 'ALIAS', language: 'ckb' },
      { text: 'Avrupa Birliği', kind: 'ALIAS', language: 'tr' },
      { text: 'EU', kind: 'ACRONYM', language: 'en' },
    ],
    externalIds: { wikidata: 'Q458' },
  },
  {
    slug: 'european-commission',
    name: 'European Commission',
    description: 'The executive of the European Union, in Brussels.',
    names: [
      { text: 'المفوضية الأوروبية', kind: 'ALIAS', language: 'ar' },
      { text: 'کۆمیسیۆنی ئەورووپا', kind: 'ALIAS', language: 'ckb' },
      { text: 'Avrupa Komisyonu', kind: 'ALIAS', language: 'tr' },
    ],
    externalIds: { wikidata: 'Q8880' },
  },
  {
    slug: 'european-parliament',
    name: 'European Parliament',
    description: 'The directly elected assembly of the European Union.',
    names: [
      { text: 'البرلمان الأوروبي', kind: 'ALIAS', language: 'ar' },
      { text: 'پەرلەمانی ئەورووپا', kind: 'ALIAS', language: 'ckb' },
      { text: 'Avrupa Parlamentosu', kind: 'ALIAS', language: 'tr' },
    ],
    externalIds: { wikidata: 'Q8889' },
  },
  {
    slug: 'nasa',
    name: 'NASA',
    description: 'The space agency of the United States.',
    names: [
      { text: 'National Aeronautics and Space Administration', kind: 'ALIAS', language: 'en' },
      { text: 'ناسا', kind: 'ALIAS', language: 'ar' },
      { text: 'ناسا', kind: 'ALIAS', language: 'ckb' },
    ],
    externalIds: { wikidata: 'Q23548' },
  },
  {
    slug: 'european-space-agency',
    name: 'European Space Agency',
    description: 'An organisation of European states for space research and spaceflight.',
    names: [
      { text: 'Avrupa Uzay Ajansı', kind: 'ALIAS', language: 'tr' },
      { text: 'وكالة الفضاء الأوروبية', kind: 'ALIAS', language: 'ar' },
      { text: 'ئاژانسی بۆشایی ئاسمانی ئەورووپا', kind: 'ALIAS', language: 'ckb' },
      { text: 'ESA', kind: 'ACRONYM', language: 'en' },
    ],
    externalIds: { wikidata: 'Q42262' },
  },
  {
    slug: 'johns-hopkins-applied-physics-laboratory',
    name: 'Johns Hopkins Applied Physics Laboratory',
    description: 'A research centre of Johns Hopkins University in Maryland that builds spacecraft for NASA.',
    names: [{ text: 'APL', kind: 'ACRONYM', language: 'en' }],
  },
  {
    slug: 'spacex',
    name: 'SpaceX',
    description: 'A US company that builds and flies rockets and spacecraft.',
    names: [
      { text: 'سبيس إكس', kind: 'ALIAS', language: 'ar' },
      { text: 'سپەیس ئێکس', kind: 'ALIAS', language: 'ckb' },
    ],
    externalIds: { wikidata: 'Q193701' },
  },
  {
    slug: 'axiom-space',
    name: 'Axiom Space',
    description: 'A US company that organises private flights to the International Space Station.',
  },
  {
    slug: 'turkish-space-agency',
    name: 'Turkish Space Agency',
    description: 'Turkey’s space agency, founded in 2018.',
    names: [
      { text: 'Türkiye Uzay Ajansı', kind: 'ALIAS', language: 'tr' },
      { text: 'TUA', kind: 'ACRONYM', language: 'tr' },
    ],
  },
  {
    slug: 'tubitak',
    name: 'TÜBİTAK',
    description: 'Turkey’s council for scientific and technological research.',
    names: [
      { text: 'Türkiye Bilimsel ve Teknolojik Araştırma Kurumu', kind: 'ALIAS', language: 'tr' },
      { text: 'TÜBİTAK Uzay', kind: 'ALIAS', language: 'tr' },
    ],
  },
  {
    slug: 'kurdistan-archaeology-organization',
    name: 'Kurdistan Archaeology Organization',
    description: 'A body of archaeologists in the Kurdistan Region of Iraq.',
    names: [{ text: 'KAO', kind: 'ACRONYM', language: 'en' }],
  },
  {
    slug: 'university-of-tubingen',
    name: 'University of Tübingen',
    description: 'A German university, founded in 1477.',
    names: [{ text: 'Universität Tübingen', kind: 'ALIAS', language: 'de' }],
  },
  {
    slug: 'university-of-freiburg',
    name: 'University of Freiburg',
    description: 'A German university, founded in 1457.',
    names: [{ text: 'Universität Freiburg', kind: 'ALIAS', language: 'de' }],
  },
]
