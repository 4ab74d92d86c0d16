import { Page } from '../components/page.tsx'
import { Loading } from '../components/states.tsx'
import { useText } from '../shell/texts.ts'

export default function DecidedView() {
  const text = useText()
  return (
    <Page title={text('nav.decided')}>
      <Loading />
    </Page>
  )
}
