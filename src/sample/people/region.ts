import type { PersonDraft } from '../../articles/draft.ts'

/** Politicians, officers and others in the stories on the conflicts of the region. */
export const regionalPeople: PersonDraft[] = [
  {
    slug: 'tahsin-al-khafaji',
    name: 'Tahsin al-Khafaji',
    description: 'An Iraqi officer who spoke for the Ministry of Defense in 2019.',
    names: [
      { text: 'تحسين الخفاجي', kind: 'ALIAS', language: 'ar' },
      { text: 'تەحسین خەفاجی', kind: 'ALIAS', language: 'ckb' },
      { text: 'Tahseen al-Khafaji', kind: 'TRANSLITERATION', language: 'ar' },
    ],
    affiliations: [{ organisation: 'iraqi-ministry-of-defense', title: 'media officer' }],
  },
  {
    slug: 'barham-salih',
    name: 'Barham Salih',
    description:
      'A Kurdish politician, President of Iraq from 2018 to 2022 and UN High Commissioner for Refugees since 2026.',
    names: [
      { text: 'برهم صالح', kind: 'ALIAS', language: 'ar' },
      { text: 'برهم أحمد صالح', kind: 'ALIAS', language: 'ar' },
      { text: 'بەرهەم ساڵح', kind: 'ALIAS', language: 'ckb' },
      { text: 'بەرهەم ئەحمەد ساڵح', kind: 'ALIAS', language: 'ckb' },
      { text: 'Berhem Salih', kind: 'ALIAS', language: 'ku' },
      { text: 'Barham Ahmed Salih', kind: 'TRANSLITERATION', language: 'ar' },
      { text: 'Barham Saleh', kind: 'TRANSLITERATION', language: 'ar' },
    ],
    affiliations: [
      {
        organisation: 'iraqi-presidency',
        title: 'President of Iraq',
        from: new Date('2018-10-02'),
        to: new Date('2022-10-17'),
      },
      { organisation: 'unhcr', title: 'UN High Commissioner for Refugees', from: new Date('2026-01-01') },
    ],
  },
  {
    slug: 'mike-pompeo',
    name: 'Mike Pompeo',
    description: 'A US politician, Secretary of State from 2018 to 2021.',
    names: [
      { text: 'Michael Pompeo', kind: 'ALIAS', language: 'en' },
      { text: 'Pompeo', kind: 'ALIAS', language: 'en' },
      { text: 'مايك بومبيو', kind: 'ALIAS', language: 'ar' },
      { text: 'مایک پۆمپیۆ', kind: 'ALIAS', language: 'ckb' },
    ],
    externalIds: { wikidata: 'Q473239' },
    affiliations: [
      {
        organisation: 'us-department-of-state',
        title: 'Secretary of State',
        from: new Date('2018-04-26'),
        to: new Date('2021-01-20'),
      },
    ],
  },
  {
    slug: 'emmanuel-macron',
    name: 'Emmanuel Macron',
    description: 'President of France since 2017.',
    names: [
      { text: 'إيمانويل ماكرون', kind: 'ALIAS', language: 'ar' },
      { text: 'ئێمانوێل ماکرۆن', kind: 'ALIAS', language: 'ckb' },
    ],
    externalIds: { wikidata: 'Q3052772' },
  },
  {
    slug: 'qais-al-khazali',
    name: 'Qais al-Khazali',
    description: 'An Iraqi cleric and politician, secretary general of Asaib Ahl al-Haq.',
    names: [
      { text: 'al-Khazali', kind: 'ALIAS', language: 'en' },
      { text: 'قيس الخزعلي', kind: 'ALIAS', language: 'ar' },
      { text: 'قەیس خەزعەلی', kind: 'ALIAS', language: 'ckb' },
      { text: 'Qais Khazali', kind: 'TRANSLITERATION', language: 'ar' },
      { text: 'Qays al-Khazali', kind: 'TRANSLITERATION', language: 'ar' },
    ],
    affiliations: [{ organisation: 'asaib-ahl-al-haq', title: 'secretary general' }],
  },
  {
    slug: 'abu-mahdi-al-muhandis',
    name: 'Abu Mahdi al-Muhandis',
    description: 'An Iraqi militia leader, deputy head of the Popular Mobilization Forces, killed in 2020.',
    names: [
      { text: 'al-Muhandis', kind: 'ALIAS', language: 'en' },
      { text: 'أبو مهدي المهندس', kind: 'ALIAS', language: 'ar' },
      { text: 'ئەبو مەهدی موهەندیس', kind: 'ALIAS', language: 'ckb' },
      { text: 'Ebu Mehdi el-Mühendis', kind: 'ALIAS', language: 'tr' },
      { text: 'Abu Mahdi al-Mohandes', kind: 'TRANSLITERATION', language: 'ar' },
      { text: 'Jamal Jaafar al-Ibrahimi', kind: 'TRANSLITERATION', language: 'ar' },
    ],
    affiliations: [
      { organisation: 'popular-mobilization-forces', title: 'deputy head', to: new Date('2020-01-03') },
    ],
  },
  {
    slug: 'fatih-yildiz',
    name: 'Fatih Yildiz',
    description: 'A Turkish diplomat who was ambassador to Iraq in 2019.',
    names: [
      { text: 'Fatih Yıldız', kind: 'ALIAS', language: 'tr' },
      { text: 'فاتح يلدز', kind: 'ALIAS', language: 'ar' },
      { text: 'فاتیح یەڵدز', kind: 'ALIAS', language: 'ckb' },
    ],
  },
  {
    slug: 'bashar-al-assad',
    name: 'Bashar al-Assad',
    description: 'President of Syria from 2000 until his overthrow in December 2024.',
    names: [
      { text: 'بشار الأسد', kind: 'ALIAS', language: 'ar' },
      { text: 'بەشار ئەسەد', kind: 'ALIAS', language: 'ckb' },
      { text: 'Beşar Esad', kind: 'ALIAS', language: 'tr' },
      { text: 'Bashar Assad', kind: 'TRANSLITERATION', language: 'ar' },
    ],
    externalIds: { wikidata: 'Q44329' },
  },
  {
    slug: 'moadh-al-dulaimi',
    name: 'Moadh al-Dulaimi',
    description: 'A photographer who has worked for AFP in Iraq.',
    names: [{ text: 'معاذ الدليمي', kind: 'ALIAS', language: 'ar' }],
    affiliations: [{ organisation: 'afp', title: 'photographer' }],
  },
  {
    slug: 'mustafa-bali',
    name: 'Mustafa Bali',
    description: 'Head of the press office of the Syrian Democratic Forces in 2019.',
    names: [
      { text: 'Mustefa Balî', kind: 'ALIAS', language: 'ku' },
      { text: 'مصطفى بالي', kind: 'ALIAS', language: 'ar' },
      { text: 'مستەفا بالی', kind: 'ALIAS', language: 'ckb' },
      { text: 'Mustefa Bali', kind: 'TRANSLITERATION', language: 'ku' },
    ],
    affiliations: [{ organisation: 'syrian-democratic-forces', title: 'head of the press office' }],
  },
  {
    slug: 'abu-bakr-al-baghdadi',
    name: 'Abu Bakr al-Baghdadi',
    description: 'Leader of the Islamic State until his death in October 2019.',
    names: [
      { text: 'أبو بكر البغدادي', kind: 'ALIAS', language: 'ar' },
      { text: 'ئەبو بەکر بەغدادی', kind: 'ALIAS', language: 'ckb' },
      { text: 'Ebu Bekir el-Bağdadi', kind: 'ALIAS', language: 'tr' },
    ],
    affiliations: [{ organisation: 'islamic-state', title: 'leader', to: new Date('2019-10-27') }],
  },
  {
    slug: 'donald-trump',
    name: 'Donald Trump',
    description: 'President of the United States from 2017 to 2021 and since 2025.',
    names: [
      { text: 'دونالد ترامب', kind: 'ALIAS', language: 'ar' },
      { text: 'دۆناڵد ترەمپ', kind: 'ALIAS', language: 'ckb' },
    ],
    externalIds: { wikidata: 'Q22686' },
  },
  {
    slug: 'qasem-soleimani',
    name: 'Qasem Soleimani',
    description: 'An Iranian general, commander of the Quds Force until he was killed in 2020.',
    names: [
      { text: 'قاسم سلیمانی', kind: 'ALIAS', language: 'fa' },
      { text: 'قاسم سليماني', kind: 'ALIAS', language: 'ar' },
      { text: 'قاسم سولەیمانی', kind: 'ALIAS', language: 'ckb' },
      { text: 'Kasım Süleymani', kind: 'ALIAS', language: 'tr' },
      { text: 'Qassem Suleimani', kind: 'TRANSLITERATION', language: 'fa' },
    ],
    affiliations: [{ organisation: 'quds-force', title: 'commander', to: new Date('2020-01-03') }],
  },
  {
    slug: 'adil-abdul-mahdi',
    name: 'Adil Abdul-Mahdi',
    description: 'An Iraqi politician, prime minister from 2018 to 2020.',
    names: [
      { text: 'عادل عبد المهدي', kind: 'ALIAS', language: 'ar' },
      { text: 'عادل عەبدولمەهدی', kind: 'ALIAS', language: 'ckb' },
      { text: 'Adel Abdul Mahdi', kind: 'TRANSLITERATION', language: 'ar' },
    ],
    affiliations: [
      {
        organisation: 'government-of-iraq',
        title: 'Prime Minister',
        from: new Date('2018-10-25'),
        to: new Date('2020-05-07'),
      },
    ],
  },
  {
    slug: 'mohammed-shia-al-sudani',
    name: 'Mohammed Shia al-Sudani',
    description: 'An Iraqi politician who became prime minister in October 2022.',
    names: [
      { text: 'محمد شياع السوداني', kind: 'ALIAS', language: 'ar' },
      { text: 'محەممەد شیاع سوودانی', kind: 'ALIAS', language: 'ckb' },
      { text: 'محەمەد شیاع سودانی', kind: 'ALIAS', language: 'ckb' },
      { text: 'Muhammed Şiya es-Sudani', kind: 'ALIAS', language: 'tr' },
      { text: 'Mohammed Shia Al Sudani', kind: 'TRANSLITERATION', language: 'ar' },
    ],
    affiliations: [
      { organisation: 'government-of-iraq', title: 'Prime Minister', from: new Date('2022-10-27') },
    ],
  },
  {
    slug: 'nuxsha-nasih',
    name: 'Nuxsha Nasih',
    description: 'Acting governor of Halabja in 2025.',
    names: [
      { text: 'نوخشە ناسیح', kind: 'ALIAS', language: 'ckb' },
      { text: 'نوخشة ناصح', kind: 'ALIAS', language: 'ar' },
      { text: 'Nuxşe Nasih', kind: 'TRANSLITERATION', language: 'ckb' },
    ],
  },
]
