import { WifiOff } from 'lucide-react'
import { useConnection } from '../live/connection.ts'
import './connection-notice.css'

/** Tells that what is shown may be old. Nothing has to be done about it. */
export function ConnectionNotice() {
  const connection = useConnection()
  return (
    <div role="status" aria-live="polite">
      {connection === 'lost' && (
        <p className="connection-notice">
          <WifiOff aria-hidden="true" />
          <span>
            <strong>The control plane cannot be reached.</strong> You see what was known last; this page
            catches up by itself as soon as it is back. Instances keep running meanwhile.
          </span>
        </p>
      )}
    </div>
  )
}

const words = { connecting: 'Connecting…', live: 'Live', lost: 'Connection lost', none: 'Nothing to follow' }

export function ConnectionLight() {
  const connection = useConnection()
  return (
    <p className={`light ${connection}`} data-connection={connection}>
      <span className="dot" aria-hidden="true" />
      <span>{words[connection]}</span>
    </p>
  )
}
