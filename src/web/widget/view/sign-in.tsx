import { useView } from './context.ts'

/**
 * Lets the reader sign in at the page; in development, choose one of the sample readers.
 * @param isAgain whether the form already says that the reader must sign in again
 */
export function SignIn({ isAgain = false }: { isAgain?: boolean }) {
  const { state, text, signIn, chooseSampleReader } = useView()
  const { sampleReaders } = state
  if (sampleReaders) {
    return (
      <div class="notice sign-in" part="notice">
        <p>{text('chooseReader')}</p>
        <p class="buttons">
          {sampleReaders.map(({ name }) => (
            <button
              key={name}
              type="button"
              class="button"
              part="button"
              onClick={() => chooseSampleReader(name)}
            >
              {name}
            </button>
          ))}
        </p>
      </div>
    )
  }
  return (
    <div class="notice sign-in" part="notice">
      {!isAgain && <p>{text('signInToComment')}</p>}
      <button type="button" class="button primary" part="button sign-in" onClick={signIn}>
        {text('signIn')}
      </button>
    </div>
  )
}
