import { Page } from '../components/page.tsx'
import { Loading } from '../components/states.tsx'
import { useText } from '../shell/texts.ts'

export default function PartnersView() {
  const text = useText()
  return (
    <Page title={text('nav.partners')}>
      <Loading />
    </Page>
  )
}
