import { includesLanguage } from '../text/language.ts'

/** The texts of a guideline. */
export interface GuidelineText {
  title: string
  description: string
}

/**
 * The texts of a guideline in a language. Without a translation, or if the outlet has changed the guideline in the
 * database, the stored texts.
 */
export function guidelineText(
  stored: GuidelineText & { code: string },
  language: string | null,
): GuidelineText {
  const known = TEXTS.get(stored.code)
  const isUnchanged = known?.en.title === stored.title && known.en.description === stored.description
  if (!known || !isUnchanged || language === null) return stored
  const translation = LANGUAGES.find((tag) => includesLanguage([tag], language))
  return translation ? known[translation] : stored
}

const LANGUAGES = ['en', 'ar', 'ckb', 'tr'] as const

type Translations = Record<(typeof LANGUAGES)[number], GuidelineText>

/** By code. The English ones are those that the first migration stores. */
const TEXTS: ReadonlyMap<string, Translations> = new Map(
  Object.entries({
    RELEVANCE: {
      en: {
        title: 'Keep to the story',
        description:
          'Write about the story or answer what others wrote about it; criticism is welcome, of the newsroom too.',
      },
      ar: {
        title: 'التزم بموضوع الخبر',
        description:
          'اكتب عن الخبر أو ردّ على ما كتبه الآخرون عنه؛ النقد مرحّب به، بما في ذلك نقد غرفة الأخبار.',
      },
      ckb: {
        title: 'لەسەر بابەتی هەواڵەکە بە',
        description:
          'دەربارەی هەواڵەکە بنووسە یان وەڵامی نووسینی ئەوانی دیکە بدەرەوە؛ ڕەخنە بەخێر دێت، ڕەخنەی ژووری هەواڵیش.',
      },
      tr: {
        title: 'Haberin konusunda kalın',
        description:
          'Haber hakkında yazın ya da başkalarının haber hakkında yazdıklarına yanıt verin; haber merkezine yönelik olanlar dahil, eleştiriye açığız.',
      },
    },
    PROFANITY: {
      en: {
        title: 'No profanity',
        description: 'Leave out swearing and obscene words, in any language and however they are spelt.',
      },
      ar: {
        title: 'لا للألفاظ البذيئة',
        description: 'تجنّب الشتائم والكلمات النابية، بأي لغة وبأي طريقة كُتبت.',
      },
      ckb: {
        title: 'وشەی ناشیرین بەکارمەهێنە',
        description: 'جنێو و وشەی ناشیرین مەنووسە، بە هەر زمانێک و بە هەر شێوەیەک بنووسرێت.',
      },
      tr: {
        title: 'Küfür yok',
        description: 'Hangi dilde ve nasıl yazılmış olursa olsun, küfür ve müstehcen sözler kullanmayın.',
      },
    },
    THREATS: {
      en: {
        title: 'No threats',
        description: 'Do not threaten anybody with harm, and do not call on others to do harm.',
      },
      ar: {
        title: 'لا للتهديد',
        description: 'لا تهدّد أحدًا بالأذى، ولا تدعُ الآخرين إلى إلحاق الأذى.',
      },
      ckb: {
        title: 'هەڕەشە مەکە',
        description: 'هەڕەشەی زیان لە کەس مەکە و داوا لە کەسانی دیکە مەکە زیان بگەیەنن.',
      },
      tr: {
        title: 'Tehdit yok',
        description: 'Kimseyi zarar vermekle tehdit etmeyin ve başkalarını zarar vermeye çağırmayın.',
      },
    },
    PERSONAL_ATTACKS: {
      en: {
        title: 'No personal attacks',
        description: 'Argue with what people say and do, and do not insult who they are.',
      },
      ar: {
        title: 'لا للهجوم الشخصي',
        description: 'ناقش ما يقوله الناس وما يفعلونه، ولا تُهِن أشخاصهم.',
      },
      ckb: {
        title: 'هێرشی کەسی مەکە',
        description: 'گفتوگۆ لەسەر قسە و کردەوەی خەڵک بکە و سووکایەتی بە کەسایەتییان مەکە.',
      },
      tr: {
        title: 'Kişisel saldırı yok',
        description: 'İnsanların söylediklerini ve yaptıklarını tartışın, kişiliklerine hakaret etmeyin.',
      },
    },
    VULGARITY: {
      en: {
        title: 'No vulgarity',
        description: 'Leave out crude or sexually explicit language and descriptions.',
      },
      ar: {
        title: 'لا للابتذال',
        description: 'تجنّب الكلام والأوصاف الفظّة أو الجنسية الصريحة.',
      },
      ckb: {
        title: 'قسەی نزم مەکە',
        description: 'زمان و وەسفی نەشیاو یان سێکسیی ئاشکرا بەکارمەهێنە.',
      },
      tr: {
        title: 'Kaba söz yok',
        description: 'Kaba veya açıkça cinsel içerikli dil ve betimlemeler kullanmayın.',
      },
    },
    ABUSE: {
      en: {
        title: 'No abuse',
        description:
          'Sexism, racism, homophobia, xenophobia and every other contempt for a group of people are refused.',
      },
      ar: {
        title: 'لا للإساءة إلى الجماعات',
        description:
          'يُرفض التمييز الجنسي والعنصرية ورهاب المثلية وكراهية الأجانب وكل ازدراء آخر لفئة من الناس.',
      },
      ckb: {
        title: 'سووکایەتی بە گرووپەکان مەکە',
        description:
          'جیاکاریی ڕەگەزی، ڕەگەزپەرستی، هۆمۆفۆبیا، ڕقی لە بیانی و هەر سووکایەتییەکی دیکە بە گرووپێک لە خەڵک ڕەت دەکرێتەوە.',
      },
      tr: {
        title: 'Nefret söylemi yok',
        description:
          'Cinsiyetçilik, ırkçılık, homofobi, yabancı düşmanlığı ve bir gruba yönelik her türlü aşağılama reddedilir.',
      },
    },
    PROMOTION: {
      en: {
        title: 'No promotion',
        description: 'Do not advertise goods, services, channels or yourself, for money or for attention.',
      },
      ar: {
        title: 'لا للترويج',
        description: 'لا تعلن عن سلع أو خدمات أو قنوات أو عن نفسك، طلبًا للمال أو للفت الانتباه.',
      },
      ckb: {
        title: 'ڕیکلام مەکە',
        description: 'ڕیکلام بۆ کاڵا، خزمەتگوزاری، کەناڵ یان خۆت مەکە، نە بۆ پارە و نە بۆ سەرنجڕاکێشان.',
      },
      tr: {
        title: 'Tanıtım yok',
        description: 'Para ya da ilgi için ürün, hizmet, kanal veya kendinizin reklamını yapmayın.',
      },
    },
  } satisfies Record<string, Translations>),
)
