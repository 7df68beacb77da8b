import { infiniteQueryOptions, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { ApiKey } from '@toygres/sdk'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { may } from '../app/session.ts'
import { toygres } from '../app/toygres.ts'
import { useSession } from '../app/use-session.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import '../ui/table.css'
import { Ago } from '../ui/time.tsx'
import { say, sayFailed } from '../ui/toast.tsx'
import { useTitle } from '../ui/use-title.ts'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { RotateKeyDialog } from './rotate-key-dialog.tsx'
import './system.css'

const keysQuery = infiniteQueryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal, pageParam }) =>
    toygres.keys.list({ limit: 50, ...(pageParam && { cursor: pageParam }) }, { signal }),
  initialPageParam: '',
  getNextPageParam: ({ nextCursor }) => nextCursor,
})

const tones = { active: 'good', expired: 'idle', revoked: 'idle' } as const

export function KeysPage() {
  useTitle('API keys')
  const queryClient = useQueryClient()
  const session = useSession()
  const mayWrite = may(session, 'keys:write')
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(keysQuery)
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey>()
  const [rotating, setRotating] = useState<ApiKey>()
  const keys = data?.pages.flatMap(({ items }) => items)
  const changed = () => queryClient.invalidateQueries({ queryKey: keysQuery.queryKey })

  async function revoke(key: ApiKey) {
    try {
      await toygres.keys.revoke(key.id)
      say(`${key.name} is revoked`)
      await changed()
    } catch (refused) {
      sayFailed(`${key.name} is not revoked`, refused)
    }
  }

  return (
    <main>
      <div className="page-head">
        <div>
          <h1>API keys</h1>
          <p>Who may call, and as what.</p>
        </div>
        {mayWrite && (
          <div className="actions">
            <Button look="primary" onClick={() => setMaking(true)}>
              <Plus aria-hidden="true" />
              New key
            </Button>
          </div>
        )}
      </div>
      <section className="card" aria-label="API keys">
        {error && !keys ? (
          <Failed title="The keys cannot be listed" error={error} again={() => void refetch()} />
        ) : !keys ? (
          <Loading what="the keys" />
        ) : keys.length === 0 ? (
          <Empty title="No keys" icon={<KeyRound aria-hidden="true" />} />
        ) : (
          <div className="table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th>Name</th>
                  <th>Role</th>
                  <th>State</th>
                  <th>Id</th>
                  <th>Last used</th>
                  <th>Expires</th>
                  {mayWrite && <th>Change</th>}
                </tr>
              </thead>
              <tbody>
                {keys.map((key) => (
                  <tr key={key.id}>
                    <th scope="row">{key.name}</th>
                    <td>
                      {key.role}
                      {key.projectId === null && <span className="faint"> · system</span>}
                    </td>
                    <td>
                      <Badge tone={tones[key.state]}>{key.state}</Badge>
                      {key.replacedBy && (
                        <span className="faint">
                          {' '}
                          replaced by <span className="mono">{key.replacedBy}</span>
                        </span>
                      )}
                    </td>
                    <td className="mono soft">{key.id}</td>
                    <td className="soft">{key.lastUsedAt ? <Ago at={key.lastUsedAt} /> : 'never'}</td>
                    <td className="soft">{key.expiresAt ? <Ago at={key.expiresAt} /> : 'never'}</td>
                    {mayWrite && (
                      <td>
                        {key.state === 'active' && (
                          <span className="row-actions">
                            {key.replacedBy === null && (
                              <Button
                                small
                                onClick={() => setRotating(key)}
                                aria-label={`Rotate ${key.name}`}
                              >
                                Rotate
                              </Button>
                            )}
                            <Button small onClick={() => setRevoking(key)} aria-label={`Revoke ${key.name}`}>
                              Revoke
                            </Button>
                          </span>
                        )}
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {hasNextPage && (
          <div className="table-more">
            <Button onClick={() => void fetchNextPage()}>Show older ones</Button>
          </div>
        )}
      </section>
      <NewKeyDialog open={making} onOpenChange={setMaking} onMade={() => void changed()} />
      {rotating && (
        <RotateKeyDialog
          apiKey={rotating}
          onClose={() => setRotating(undefined)}
          onMade={() => void changed()}
        />
      )}
      {revoking && (
        <ConfirmDialog
          open
          onOpenChange={() => setRevoking(undefined)}
          title={`Revoke ${revoking.name}?`}
          verb="Revoke"
          onConfirm={() => revoke(revoking)}
        >
          Whoever uses it is locked out from now on, for good.
          {session.subject === `api-key:${revoking.id}` && ' It is the one that you are signed in with.'}
        </ConfirmDialog>
      )}
    </main>
  )
}
