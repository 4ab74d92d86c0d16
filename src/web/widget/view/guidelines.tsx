import { useView } from './context.ts'

/** The community guidelines, folded. */
export function Guidelines() {
  const { state, text } = useView()
  if (state.guidelines.length === 0) return null
  return (
    <details class="guidelines" part="guidelines">
      <summary>{text('guidelines')}</summary>
      <dl>
        {state.guidelines.map(({ code, title, description }) => (
          <div key={code}>
            <dt>{title}</dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
