import { Button } from '../components/button.tsx'
import { connection, useConnection } from './connection.ts'
import { useOutdated } from './outdated.ts'
import { ReloadButton, useReloadText } from './reload.tsx'
import { useText } from './texts.ts'

function Outdated() {
  const text = useReloadText()
  return (
    <p>
      {text('outdated')} <ReloadButton />
    </p>
  )
}

/** Says when the desk is older than the gateway, or can't reach it. What is shown may be out of date then. */
export function StatusBanner() {
  const text = useText()
  const state = useConnection()
  const isOutdated = useOutdated()
  return (
    <div role="status" className="status-banner">
      {isOutdated && <Outdated />}
      {state === 'offline' && <p>{text('status.offline')}</p>}
      {state === 'reconnecting' && (
        <p>
          {text('status.reconnecting')}{' '}
          <Button kind="quiet" onPress={() => connection.retryNow()}>
            {text('status.retryNow')}
          </Button>
        </p>
      )}
    </div>
  )
}
