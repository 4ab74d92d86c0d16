import { Component } from 'preact'
import { directionOf, type Language } from '../../texts/languages.ts'
import { ROOT } from '../comments.ts'
import type { Controller } from '../controller.ts'
import type { WidgetText } from '../language.ts'
import { ViewContext } from './context.ts'
import { CommentForm } from './form.tsx'
import { Header } from './header.tsx'
import { CommentList } from './list.tsx'
import { Notices } from './notices.tsx'
import { OwnComments } from './own.tsx'
import { focusComment, type Position, positionOf, restorePosition } from './position.ts'

export interface AppProps {
  controller: Controller
  text: WidgetText
  language: Language
  host: HTMLElement
  signIn(): void
  chooseSampleReader(name: string): void
}

interface AppState {
  now: Date
  replyTo: string | null
  announcement: string
}

const CLOCK_MS = 30_000

/** The whole widget. What the reader sees stays in its place when something above it changes. */
export class App extends Component<AppProps, AppState> {
  override state: AppState = { now: new Date(), replyTo: null, announcement: '' }
  #clock: ReturnType<typeof setInterval> | undefined
  #freshCount = 0

  override componentDidMount(): void {
    this.#clock = setInterval(() => this.setState({ now: new Date() }), CLOCK_MS)
    this.props.controller.store.onChange = () => this.setState({ now: new Date() })
    this.setState({})
  }

  override componentWillUnmount(): void {
    clearInterval(this.#clock)
    this.props.controller.store.onChange = () => {}
  }

  override getSnapshotBeforeUpdate(): Position | null {
    return positionOf(this.props.host)
  }

  override componentDidUpdate(_props: AppProps, _state: AppState, position: Position | null): void {
    const { host, controller } = this.props
    const { goTo } = controller.store.state
    if (goTo !== null && focusComment(host, goTo)) controller.arrived()
    else if (position) restorePosition(host, position)
    this.#announceFresh()
    // The content of the page would keep the text of comments that are retracted later.
    if (controller.store.state.comments) host.replaceChildren()
  }

  /** Says how many new comments there are, once for each number. */
  #announceFresh(): void {
    const count = this.props.controller.store.state.comments?.sections.get(ROOT)?.fresh.length ?? 0
    if (count > this.#freshCount) this.setState({ announcement: this.props.text('newComments', { count }) })
    this.#freshCount = count
  }

  override render({ controller, text, language, signIn, chooseSampleReader }: AppProps, state: AppState) {
    const { state: widget } = controller.store
    const view = {
      state: widget,
      controller,
      text,
      language,
      now: state.now,
      replyTo: state.replyTo,
      setReplyTo: (replyTo: string | null) => {
        this.setState({ replyTo })
        controller.setReplyTo(replyTo)
      },
      announce: (announcement: string) => this.setState({ announcement }),
      signIn,
      chooseSampleReader,
    }
    return (
      <ViewContext.Provider value={view}>
        <section
          class="widget"
          part="widget"
          lang={language}
          dir={directionOf(language)}
          aria-label={text('title')}
        >
          {widget.comments ? (
            <>
              <Header />
              <Notices />
              <CommentForm parentId={null} />
              <OwnComments />
              <CommentList />
            </>
          ) : (
            <>
              {widget.failure === 'NOT_FOUND' ? null : <slot />}
              <Notices />
            </>
          )}
          <p class="hidden" role="status">
            {state.announcement}
          </p>
        </section>
      </ViewContext.Provider>
    )
  }
}
