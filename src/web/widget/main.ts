import { DatelineComments } from './element.ts'

if (!customElements.get('dateline-comments')) customElements.define('dateline-comments', DatelineComments)
