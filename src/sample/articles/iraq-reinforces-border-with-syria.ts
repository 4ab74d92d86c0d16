import type { ArticleDraft } from '../../articles/draft.ts'
import { h, ownPicture, p, picture } from '../blocks.ts'

export const iraqReinforcesBorder: ArticleDraft = {
  slug: 'iraq-reinforces-border-with-syria',
  canonicalUrl: 'https://dateline.example/syria/iraq-reinforces-border-with-syria',
  language: 'en',
  kicker: 'Border security',
  headline: 'Iraq reinforces its border with Syria, fearing a return of ISIS fighters',
  standfirst:
    'Baghdad adds troops, watchtowers and air patrols as Turkey’s offensive in northern Syria leaves the fate of thousands of ISIS members open.',
  dateline: { text: 'ERBIL, Kurdistan Region', place: 'Erbil', region: 'Kurdistan Region' },
  byline: 'Dateline desk',
  topic: { slug: 'syria', label: 'Syria' },
  publishedAt: new Date('2019-10-15T14:20:00Z'),
  updatedAt: new Date('2019-10-15T17:05:00Z'),
  leadImage: {
    url: '/pictures/border-crossing.svg',
    alt: 'Drawing of a desert border crossing with a watchtower, a lowered barrier, flags and a large portrait on the far side',
    caption:
      'The crossing between Al-Qaim in Iraq and Albu Kamal in Syria, seen from the Iraqi side on 30 September 2019. A portrait of Syrian President Bashar al-Assad stands on the far side.',
    photographer: 'Moadh al-Dulaimi',
    agency: 'AFP',
    credit: 'Moadh al-Dulaimi / AFP',
    usageTerms: 'A drawing that stands in for a photo by AFP; the agency’s terms apply.',
    syndicatable: false,
  },
  people: [
    {
      person: 'tahsin-al-khafaji',
      namedIn: 'ARTICLE',
      rolesAsPrinted: [
        'Brigadier',
        'media officer of the Iraqi Ministry of Defense',
        'spokesperson of the Iraqi Ministry of Defense',
      ],
    },
    { person: 'barham-salih', namedIn: 'ARTICLE', rolesAsPrinted: ['President of Iraq'] },
    { person: 'mike-pompeo', namedIn: 'ARTICLE', rolesAsPrinted: ['US Secretary of State'] },
    { person: 'emmanuel-macron', namedIn: 'ARTICLE', rolesAsPrinted: ['French counterpart'] },
    {
      person: 'qais-al-khazali',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['secretary general of Asaib Ahl al-Haq'],
    },
    {
      person: 'abu-mahdi-al-muhandis',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['deputy head of the PMF commission'],
    },
    { person: 'fatih-yildiz', namedIn: 'ARTICLE', rolesAsPrinted: ['Turkey’s ambassador to Iraq'] },
    { person: 'bashar-al-assad', namedIn: 'CAPTION', rolesAsPrinted: ['Syrian President'] },
    { person: 'moadh-al-dulaimi', namedIn: 'CREDIT', rolesAsPrinted: ['photographer'] },
  ],
  organisations: [
    { organisation: 'islamic-state', namedIn: 'ARTICLE' },
    { organisation: 'popular-mobilization-forces', namedIn: 'ARTICLE' },
    { organisation: 'asaib-ahl-al-haq', namedIn: 'ARTICLE' },
    { organisation: 'syrian-democratic-forces', namedIn: 'ARTICLE' },
    { organisation: 'iraqi-ministry-of-defense', namedIn: 'ARTICLE' },
    { organisation: 'arab-league', namedIn: 'ARTICLE' },
    { organisation: 'rudaw', namedIn: 'ARTICLE' },
    { organisation: 'afp', namedIn: 'CREDIT' },
  ],
  blocks: [
    p(
      'Iraq has moved extra troops to its frontier with Syria. Officials in Baghdad fear that about 13,000 members and associates of the Islamic State (ISIS) could try to slip across while Turkey’s offensive keeps northern Syria in turmoil.',
    ),
    p(
      'The reinforcements were described on Tuesday by Brigadier Tahsin al-Khafaji, media officer of the Iraqi Ministry of Defense, in an interview with Rudaw. He spoke of Daesh, the acronym of the group’s Arabic name.',
    ),
    {
      kind: 'QUOTATION',
      text: 'Daesh members could sneak into Iraq as a result',
      speaker: { person: 'tahsin-al-khafaji' },
      roleAsPrinted: 'media officer of the Iraqi Ministry of Defense',
      direct: true,
      via: { text: 'in an interview with Rudaw', organisation: 'rudaw' },
    },
    p(
      'Many of those 13,000, the ministry’s spokesperson added, are hardened fighters and well-known leaders, and they come from many countries.',
    ),
    h('Watchtowers and eyes in the sky'),
    p(
      'The border is about 600 kilometres long, much of it open desert. Besides the soldiers sent there, new watchtowers have gone up and aircraft now keep the line under surveillance day and night.',
    ),
    p(
      'Iraq’s National Security Council had given the order on 11 October: border guards, the army and the Popular Mobilization Forces were to secure the frontier together.',
    ),
    p(
      'Baghdad has also opened a channel to everybody with forces on the other side: the Syrian government, the Kurdish-led Syrian Democratic Forces (SDF), Turkey and the United States.',
    ),
    picture(
      ownPicture(
        'watchtower-night',
        'Drawing of a watchtower sweeping a desert border with a beam of light at night',
        'New watchtowers and round-the-clock air patrols now guard the line.',
      ),
    ),
    h('An offensive that unsettles the neighbours'),
    p(
      'Turkey began its operation, named Peace Spring, on 9 October. It says it wants Kurdish-led forces away from its border and a zone to which Syrian refugees can return. On Tuesday its troops were still fighting around Sari Kani, the town that is Ras al-Ain in Arabic, where Kurdish fighters reportedly had the upper hand again.',
    ),
    p(
      'Those same Kurdish-led forces guard the prisons and camps that hold ISIS suspects and their families. Detainees have already broken out of some of them.',
    ),
    p(
      'In Baghdad, Turkey’s ambassador to Iraq, Fatih Yildiz, called reporters to his residence on Sunday to set out Ankara’s aims, and rejected reports that civilians were being hit.',
    ),
    {
      kind: 'QUOTATION',
      text: 'Neither civilians nor our allies are among our targets',
      speaker: { person: 'fatih-yildiz' },
      roleAsPrinted: 'Turkey’s ambassador to Iraq',
      direct: true,
      via: { text: 'in Turkish, as reported by Anadolu Agency', organisation: 'anadolu-agency' },
    },
    h('Baghdad’s diplomacy'),
    p(
      'Barham Salih, President of Iraq, discussed the offensive by telephone on Monday with his French counterpart, Emmanuel Macron. Turkey’s aims and the fate of the ISIS detainees have been at the centre of many such calls since the offensive began.',
    ),
    {
      kind: 'QUOTATION',
      text: 'The two presidents weighed the humanitarian and security risks of the fighting, and what the coalition against ISIS should now do',
      speaker: { person: 'barham-salih' },
      roleAsPrinted: 'President of Iraq',
      direct: false,
      via: { text: 'a readout of the presidency', organisation: 'iraqi-presidency' },
    },
    p(
      'Iraq was also in the chair when the foreign ministers of the Arab League met in Cairo on Saturday, in an emergency session that Egypt had asked for. Their final statement demanded that Turkey leave.',
    ),
    {
      kind: 'QUOTATION',
      text: 'the immediate and unconditional withdrawal of Turkey from all of Syria’s land',
      speaker: { organisation: 'arab-league' },
      roleAsPrinted: 'final statement of the emergency session',
      direct: true,
      via: { text: 'as reported by AFP', organisation: 'afp' },
    },
    p(
      'Mike Pompeo, US Secretary of State, has been to Baghdad twice this year. The first time, in January, he came to reassure Iraq’s new leaders after Washington had announced that its troops would leave Syria, and posted a message about it.',
    ),
    {
      kind: 'EMBED',
      embed: {
        provider: 'X',
        url: 'https://x.com/SecPompeo',
        authorName: 'Secretary Pompeo',
        handle: '@SecPompeo',
        text: 'Great to meet the new Iraqi government […] Look forward to working together on key regional issues and to supporting Iraq’s energy independence.',
        postedAt: new Date('2019-01-09T12:00:00Z'),
      },
    },
    h('The paramilitaries'),
    p(
      'Part of the border is held by the Popular Mobilization Forces (PMF), Hashd al-Shaabi in Arabic, an umbrella of mostly Shiite units formed in 2014 and since made part of the state’s forces.',
    ),
    p(
      'Qais al-Khazali, secretary general of Asaib Ahl al-Haq, an Iran-backed group within the PMF, spoke out on 12 October, as the Arab ministers met. He has long argued that his side belongs on the frontier.',
    ),
    {
      kind: 'QUOTATION',
      text: 'Guarding the border with Syria is among the most important tasks that the Popular Mobilization Forces have',
      speaker: { person: 'qais-al-khazali' },
      roleAsPrinted: 'secretary general of Asaib Ahl al-Haq',
      direct: false,
      via: { text: 'in an interview with Reuters in November 2018', organisation: 'reuters' },
    },
    p(
      'Abu Mahdi al-Muhandis, deputy head of the PMF commission, has drawn the line for his men at the border itself.',
    ),
    {
      kind: 'QUOTATION',
      text: 'The PMF will not fight outside the homeland’s border unless there is an order from the Commander in Chief',
      speaker: { person: 'abu-mahdi-al-muhandis' },
      roleAsPrinted: 'deputy head of the PMF commission',
      direct: true,
      via: { text: 'in an interview with the Iraqi site Nas in January 2019' },
    },
    h('What Iraq remembers'),
    p(
      'ISIS took about a third of Iraq in 2014. The war to drive it out left Mosul’s old town in ruins, and Baghdad announced the group’s defeat only in December 2017. Cells have gone on killing in the north and west ever since.',
    ),
    p(
      'The crossing between Al-Qaim and Albu Kamal shows how much has been at stake. ISIS held both towns until late 2017; the road between them was reopened to travellers and trade on 30 September, nine days before the Turkish operation began.',
    ),
    p(
      'The forces at the border are needed elsewhere too. Millions of pilgrims are on their way to Karbala for Arbaeen, which falls on Saturday, and every year tens of thousands of police and soldiers protect the roads they walk.',
    ),
  ],
}
