import { describe, expect, it } from 'vitest'
import { languageOf } from '../../src/ingest/language.ts'

const ENGLISH = 'The ferry to the islands is open and it was closed for the winter.'
const ARABIC = 'انتخب البرلمان رئيسا للجمهورية'

describe('the language that a page claims', () => {
  it.each<[(string | undefined)[], string, string]>([
    [['en-gb'], ENGLISH, 'en-GB'],
    [['en_US.UTF-8'], ENGLISH, 'en-US'],
    [[' de '], ENGLISH, 'de'],
    [[undefined, '', 'fr'], ENGLISH, 'fr'],
    [['English'], ENGLISH, 'en'],
    [['kurdish'], ARABIC, 'ckb'],
    [['ar_AR'], ARABIC, 'ar'],
    [['es_LA'], ENGLISH, 'es-419'],
    [['ku-IQ'], ARABIC, 'ckb'],
    [['ku'], 'Keştî ji giravan re vebû', 'ku'],
    [['sr'], 'Трајект за острва', 'sr'],
    [['sr'], 'Trajekt za ostrva', 'sr'],
    [['uz'], 'Паром оролларга', 'uz'],
    [['kk'], 'Paromlar', 'kk'],
    [['az'], ARABIC, 'az'],
    [['pa'], 'ਬੇੜੀ', 'pa'],
    [['ja'], '新聞', 'ja'],
    [['zh-Hant'], '新聞', 'zh-Hant'],
    [['zh_Hant_TW'], '新聞', 'zh-Hant-TW'],
    [['ko'], '新聞', 'ko'],
    [['de'], '2024', 'de'],
    [['xx-'], ENGLISH, 'en'],
    [['und', 'mul', 'zxx', 'nl'], ENGLISH, 'nl'],
    [['Klingon'], ENGLISH, 'en'],
    [['en', 'ar'], ARABIC, 'ar'],
    [['en'], ARABIC, 'ar'],
    [['ar'], ENGLISH, 'en'],
  ])('%j of "%s" is taken as %s', (claims, text, language) => {
    expect(languageOf(claims, text)).toBe(language)
  })
})

describe('without a claim the language is told by the text:', () => {
  it.each([
    ['ckb', 'سەرۆکی نوێ'],
    ['ur', 'یہ خبر بڑی ہے'],
    ['fa', 'پارلمان رئیس جمهور را برگزید'],
    ['ar', ARABIC],
    ['uk', 'Їхній пором'],
    ['sr', 'Љубица чека'],
    ['ru', 'Паром открыт, мы рады'],
    ['bg', 'Фериботът тръгна'],
    ['el', 'Το πλοίο'],
    ['he', 'המעבורת'],
    ['hy', 'Լաստանավ'],
    ['ka', 'ბორანი'],
    ['am', 'ጀልባ'],
    ['hi', 'नौका'],
    ['bn', 'ফেরি'],
    ['ta', 'படகு'],
    ['th', 'เรือ'],
    ['ko', '여객선'],
    ['ja', 'フェリーが'],
    ['zh', '渡輪'],
    ['en', ENGLISH],
    ['de', 'Die Fähre ist nicht in der Nähe und das ist mit den Inseln ein Problem.'],
    ['fr', 'Le bac est dans une île et les marins sont sur le pont pour la fête.'],
    ['es', 'El barco de las islas se detuvo en la costa y los marinos con una red.'],
    ['pt', 'Os barcos não saem de uma ilha e o mar está com as ondas que o vento faz.'],
    ['it', 'Il traghetto non parte e gli abitanti sono con una barca della isola.'],
    ['nl', 'De boot van het eiland is niet op de kade en het is een probleem met dat.'],
    ['tr', 'Bu gemi çok büyük ve adalar için daha güzel bir yol olarak görüldü.'],
    ['pl', 'Prom nie jest w porcie i to się do nas od dziś na wyspie z wiatrem.'],
    ['hu', 'A hajó nem volt a kikötőben, de ez már csak egy hír, és az is.'],
    ['sv', 'Båten är inte i hamnen och det som på ön är till för en dag med den.'],
    ['no', 'Det er ikke en båt på øya, og å være her med den er av verdi til for det.'],
    ['ku', 'Ev keştî ji bo giravê ye û di behrê de ew bi bayê re jî li vir e.'],
    ['und', 'Lorem ipsum dolor sit amet consectetur'],
    ['und', '2024'],
    ['und', 'the of'],
    ['en', 'the of and'],
  ])('%s: %s', (language, text) => {
    expect(languageOf([], text)).toBe(language)
  })
})
