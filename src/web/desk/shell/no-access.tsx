import { Button } from '../components/button.tsx'
import { Page } from '../components/page.tsx'
import { signOut } from './session.ts'
import { useText } from './texts.ts'

/** For users without the role of a moderator. */
export function NoAccess({ name }: { name: string | null }) {
  const text = useText()
  return (
    <main className="sign-in">
      <Page title={text('noAccess.title')}>
        <p>{name ? text('noAccess.named', { name }) : text('noAccess.text')}</p>
        <Button onPress={() => void signOut()}>{text('signOut')}</Button>
      </Page>
    </main>
  )
}
