import { h, render } from 'preact'
import type { Language } from '../texts/languages.ts'
import commentStyles from './comments.css'
import { Controller } from './controller.ts'
import { Gateway } from './gateway.ts'
import { languageOfElement, loadTexts } from './language.ts'
import {
  chosenSampleReader,
  type GetToken,
  loadSampleReaders,
  type SampleReader,
  Session,
  storeSampleReader,
} from './session.ts'
import { App } from './view/app.tsx'
import { canGrow, firstVisibleComment } from './view/position.ts'
import widgetStyles from './widget.css'

/** The address of the gateway that this file was loaded from: the file is in its folder /assets. */
const ownGateway = new URL('..', import.meta.url).href

const sheet = new CSSStyleSheet()
sheet.replaceSync(widgetStyles + commentStyles)

/** The element `<dateline-comments article="slug-or-url">`. */
export class DatelineComments extends HTMLElement {
  static readonly observedAttributes = [
    'article',
    'gateway',
    'order',
    'lang',
    'sample-identities',
    'read-only',
  ]

  readonly #root = this.attachShadow({ mode: 'open' })
  readonly #session = new Session(
    (isSetByPage) => this.#controller?.onSession(isSetByPage),
    () => this.#announce('dateline-token-needed'),
  )
  #controller: Controller | null = null
  #language: Language | null = null
  #sampleReaders: readonly SampleReader[] = []
  #isStarting = false

  constructor() {
    super()
    this.#root.adoptedStyleSheets = [sheet]
    // What the page has between the tags stays visible until the comments are there.
    render(h('slot', null), this.#root)
  }

  /** The token of the reader who is signed in at the page; null if nobody is. */
  get token(): string | null {
    return this.#session.token
  }

  set token(token: string | null) {
    this.#session.token = token || null
  }

  /** A function that returns the reader's token. It is called again when the token has expired. */
  get getToken(): GetToken | null {
    return this.#session.getToken
  }

  set getToken(getToken: GetToken | null) {
    this.#session.getToken = getToken
  }

  connectedCallback(): void {
    this.#upgrade('token')
    this.#upgrade('getToken')
    // An element that was only moved continues.
    if (!this.#controller || languageOfElement(this) !== this.#language) this.#restart()
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (!this.isConnected) this.#stop()
    })
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (this.isConnected && before !== after) this.#restart()
  }

  /** A property that was set before this class was loaded hides the accessor. */
  #upgrade(name: 'token' | 'getToken'): void {
    if (!Object.hasOwn(this, name)) return
    const value = this[name] as never
    delete (this as Partial<DatelineComments>)[name]
    this[name] = value
  }

  /** Stops, and shows what the page has between the tags again. */
  #stop(): void {
    this.#controller?.stop()
    this.#controller = null
    render(h('slot', null), this.#root)
  }

  /** Starts again when all changes of this moment are made: several attributes are often set together. */
  #restart(): void {
    if (this.#isStarting) return
    this.#isStarting = true
    queueMicrotask(() => {
      this.#isStarting = false
      this.#stop()
      if (this.isConnected) void this.#start()
    })
  }

  async #start(): Promise<void> {
    const article = this.getAttribute('article')
    if (!article)
      return console.error('dateline-comments: add the attribute "article": a slug or an address.')
    const gateway = new Gateway(this.#gatewayAddress())
    const language = languageOfElement(this)
    this.#language = language
    const order = this.getAttribute('order') === 'oldest' ? 'oldest' : 'newest'
    const controller = new Controller({ gateway, article, order, language }, this.#session, {
      firstVisible: () => firstVisibleComment(this),
      canShowFresh: () => canGrow(this, controller.store.state.order === 'newest' ? 'start' : 'end'),
    })
    this.#controller = controller
    controller.store.set({ isReadOnly: this.hasAttribute('read-only') })
    void controller.start()
    void this.#loadSampleReaders(gateway, controller)
    const text = await loadTexts(language)
    if (controller !== this.#controller) return
    const app = h(App, {
      key: String(Math.random()),
      controller,
      text,
      language,
      host: this,
      signIn: () => this.#announce('dateline-sign-in'),
      chooseSampleReader: (name: string) => this.#choose(name),
    })
    render(app, this.#root)
  }

  /** With a slash at the end, so that addresses are relative to it. */
  #gatewayAddress(): string {
    const address = this.getAttribute('gateway')
    return address ? new URL(`${address.replace(/\/$/, '')}/`, document.baseURI).href : ownGateway
  }

  async #loadSampleReaders(gateway: Gateway, controller: Controller): Promise<void> {
    if (!this.hasAttribute('sample-identities')) return
    this.#sampleReaders = await loadSampleReaders(gateway)
    if (this.#sampleReaders.length === 0) return
    controller.store.set({ sampleReaders: this.#sampleReaders })
    const chosen = chosenSampleReader()
    if (chosen) this.#choose(chosen)
  }

  #choose(name: string): void {
    const reader = this.#sampleReaders.find((each) => each.name === name)
    if (!reader) return
    storeSampleReader(name)
    this.#controller?.store.set({ sampleReader: name })
    this.token = reader.token
  }

  #announce(type: string): void {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true }))
  }
}
