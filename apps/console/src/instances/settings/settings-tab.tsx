import { may } from '../../app/session.ts'
import { useSession } from '../../app/use-session.ts'
import { useInstance } from '../use-instance.ts'
import { DangerZone } from './danger-zone.tsx'
import { SettingsForm } from './settings-form.tsx'
import './settings.css'

export function SettingsTab() {
  const instance = useInstance()
  const mayWrite = may(useSession(), 'instances:write')
  if (!mayWrite) return <p className="soft">Your role may look at the settings, but not change them.</p>
  if (instance.state === 'deleted') return <p className="soft">It is deleted: there is nothing to set.</p>
  return (
    <div className="stack settings">
      <SettingsForm key={instance.id} instance={instance} />
      <DangerZone instance={instance} />
    </div>
  )
}
