import { textsHook } from '../shell/texts.ts'

/** The texts of the views beside the queue. */
export const useRecordText = textsHook<typeof import('../../texts/desk-records/en.json')>({
  en: () => import('../../texts/desk-records/en.json'),
  ar: () => import('../../texts/desk-records/ar.json'),
  ckb: () => import('../../texts/desk-records/ckb.json'),
  tr: () => import('../../texts/desk-records/tr.json'),
})

export type RecordText = ReturnType<typeof useRecordText>
export type RecordKey = Parameters<RecordText>[0]
