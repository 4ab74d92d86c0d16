import { Button } from '../components/button.tsx'
import { connection, useConnection } from './connection.ts'
import { useText } from './texts.ts'

/** Says when the desk can't reach the gateway. What is shown may be out of date then. */
export function StatusBanner() {
  const text = useText()
  const state = useConnection()
  return (
    <div role="status" className="status-banner">
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
