import type { DeskSettings } from '../settings.ts'

/** The settings in the page. */
export const settings = JSON.parse(document.querySelector('#settings')?.textContent ?? '') as DeskSettings

/** The path of the desk itself. */
export const deskPath = `${settings.base}/desk`
