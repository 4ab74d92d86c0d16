import type { ArticleDraft } from '../../articles/draft.ts'
import { h, ownPicture, p } from '../blocks.ts'

export const gezeravciReturns: ArticleDraft = {
  slug: 'gezeravci-returns-to-earth',
  canonicalUrl: 'https://dateline.example/tr/science/gezeravci-returns-to-earth',
  language: 'tr',
  kicker: 'Uzay',
  headline: 'Türkiye’nin ilk astronotu Alper Gezeravcı Dünya’ya döndü',
  standfirst:
    'Ax-3 ekibini taşıyan Dragon kapsülü, üç haftalık görevin ardından Florida açıklarında suya indi.',
  dateline: { text: 'ANKARA', place: 'Ankara', region: 'Türkiye' },
  byline: 'Dateline bilim masası',
  topic: { slug: 'science', label: 'Science' },
  publishedAt: new Date('2024-02-09T15:30:00Z'),
  leadImage: ownPicture(
    'capsule-parachutes',
    'Dört paraşütle denize doğru süzülen bir uzay kapsülünün çizimi',
    'Dragon kapsülü dört paraşütle Atlas Okyanusu’na indi.',
  ),
  people: [
    { person: 'alper-gezeravci', namedIn: 'ARTICLE', rolesAsPrinted: ['Türkiye’nin ilk astronotu'] },
    { person: 'michael-lopez-alegria', namedIn: 'ARTICLE', rolesAsPrinted: ['komutan'] },
    { person: 'walter-villadei', namedIn: 'ARTICLE', rolesAsPrinted: ['pilot'] },
    { person: 'marcus-wandt', namedIn: 'ARTICLE', rolesAsPrinted: ['görev uzmanı'] },
    { person: 'recep-tayyip-erdogan', namedIn: 'ARTICLE', rolesAsPrinted: ['Cumhurbaşkanı'] },
  ],
  organisations: [
    { organisation: 'axiom-space', namedIn: 'ARTICLE' },
    { organisation: 'spacex', namedIn: 'ARTICLE' },
  ],
  blocks: [
    p(
      'Türkiye’nin ilk astronotu Alper Gezeravcı cuma günü Dünya’ya döndü. Gezeravcı’yı ve Ax-3 görevindeki üç arkadaşını taşıyan Dragon kapsülü, Florida’nın Daytona Beach kenti açıklarında denize indi.',
    ),
    p(
      'Ekip, 19 Ocak’ta Türkiye saatiyle 00.49’da Kennedy Uzay Merkezi’nden bir Falcon 9 roketiyle yola çıkmış, ertesi gün Uluslararası Uzay İstasyonu’na kenetlenmişti. İki hafta olarak planlanan konaklama, iniş bölgesindeki hava koşulları yüzünden uzadı.',
    ),
    {
      kind: 'QUOTATION',
      text: 'İstikbal göklerdedir.',
      speaker: { person: 'alper-gezeravci' },
      roleAsPrinted: 'Türkiye’nin ilk astronotu',
      direct: true,
      via: { text: 'Uzaydaki ilk sözleri; Atatürk’ün sözünü anarak' },
    },
    h('On üç deney'),
    p(
      'Gezeravcı istasyonda Türkiye’deki üniversite ve araştırma kurumlarının hazırladığı 13 bilimsel deney yaptı. Yerçekimsiz ortamın bağışıklık sistemi, bitkiler ve mikroalgler üzerindeki etkisi araştırılan konular arasındaydı.',
    ),
    p(
      'Deneylerin seçimini ve hazırlığını TÜBİTAK Uzay ile Türkiye Uzay Ajansı yürüttü. Sonuçların önümüzdeki aylarda bilimsel dergilerde yayımlanması bekleniyor.',
    ),
    h('Dört ülkeden bir ekip'),
    p(
      'Axiom Space şirketinin düzenlediği uçuşta komutan Michael López-Alegría’ydı. Pilot koltuğunda İtalyan Hava Kuvvetleri’nden Walter Villadei, görev uzmanı olarak da Avrupa Uzay Ajansı’nın desteklediği İsveçli Marcus Wandt yer aldı. Roket ve kapsül SpaceX’e ait.',
    ),
    p('Cumhurbaşkanı Recep Tayyip Erdoğan dönüş haberini Antalya’daki bir toplantıda duyurdu.'),
    {
      kind: 'QUOTATION',
      text: 'Güzel gitti, güzel geldi. Türkiye’ye de inişini bekleriz.',
      speaker: { person: 'recep-tayyip-erdogan' },
      roleAsPrinted: 'Cumhurbaşkanı',
      direct: true,
    },
    h('F-16’dan istasyona'),
    p(
      '1979 doğumlu Gezeravcı, Hava Harp Okulu’nda elektronik mühendisliği okudu, yüksek lisansını Amerika Birleşik Devletleri’nde yaptı ve yıllarca F-16 uçurdu. Seçildiğini kamuoyu Nisan 2023’te öğrenmişti.',
    ),
    p('Yedek astronot olarak seçilen Tuva Cihangir Atasever de aynı eğitimlerden geçti.'),
  ],
}
