import { useQuery } from '@tanstack/react-query'
import { Outlet, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useConnection } from '../live/connection.ts'
import { useCurrentProject } from '../projects/queries.ts'
import { ProjectMissing } from '../projects/project-missing.tsx'
import { useLive } from '../live/use-live.ts'
import { CommandPalette } from './command-palette.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { fetchPages } from './lazy-page.ts'
import { Navigation } from './navigation.tsx'
import { sessionQuery } from './session.ts'
import './shell.css'

export function Shell() {
  const { data: session } = useQuery(sessionQuery)
  const router = useRouter()
  const hasEnded = !session
  useEffect(() => {
    const to = router.state.location.href
    if (hasEnded) void router.navigate({ to: '/sign-in', search: { to }, replace: true })
  }, [hasEnded, router])
  return hasEnded ? null : <SignedIn />
}

function SignedIn() {
  useLive()
  const router = useRouter()
  const isLive = useConnection() === 'live'
  useEffect(() => {
    if (isLive) fetchPages(router)
  }, [isLive, router])
  const isMissing = useCurrentProject() === null
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to content
      </a>
      <Navigation />
      <div className="content" id="content" tabIndex={-1}>
        <ConnectionNotice />
        {isMissing ? <ProjectMissing /> : <Outlet />}
      </div>
      <CommandPalette />
    </div>
  )
}
