import { Page } from '../components/page.tsx'
import { Loading } from '../components/states.tsx'
import { useText } from '../shell/texts.ts'

export default function StoriesView() {
  const text = useText()
  return (
    <Page title={text('nav.stories')}>
      <Loading />
    </Page>
  )
}
