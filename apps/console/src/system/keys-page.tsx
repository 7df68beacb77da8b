import { infiniteQueryOptions, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ApiKey } from '@toygres/sdk'
import { KeyRound, Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { may } from '../app/session.ts'
import { toygres } from '../app/toygres.ts'
import { useSession } from '../app/use-session.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { listed, Listing } from '../ui/listing.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Empty } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'
import { Ago } from '../ui/time.tsx'
import { say, sayFailed } from '../ui/toast.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { RotateKeyDialog } from './rotate-key-dialog.tsx'

const keysQuery = infiniteQueryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal, pageParam }) =>
    toygres.keys.list({ limit: 50, ...(pageParam && { cursor: pageParam }) }, { signal }),
  initialPageParam: '',
  getNextPageParam: ({ nextCursor }) => nextCursor,
})

const tones = { active: 'good', expired: 'idle', revoked: 'idle' } as const

export function KeysPage() {
  const queryClient = useQueryClient()
  const session = useSession()
  const mayWrite = may(session, 'keys:write')
  const keys = listed(useInfiniteQuery(keysQuery))
  const { new: making = false } = useSearch({ from: '/shell/keys' })
  const navigate = useNavigate({ from: '/keys' })
  const setMaking = (isMaking: boolean) =>
    void navigate({ search: { new: isMaking || undefined }, replace: true })
  const [revoking, setRevoking] = useState<ApiKey>()
  const [rotating, setRotating] = useState<ApiKey>()
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
      <PageHead title="API keys" about="Who may call, and as what.">
        {mayWrite && (
          <Button look="primary" onClick={() => setMaking(true)}>
            <Plus aria-hidden="true" />
            New key
          </Button>
        )}
      </PageHead>
      <section className="card" aria-label="API keys">
        <Listing
          what="the keys"
          of={keys}
          empty={<Empty title="No keys" icon={<KeyRound aria-hidden="true" />} />}
        >
          {(found) => (
            <Table
              name="API keys"
              columns={['Name', 'Role', 'State', 'Id', 'Last used', 'Expires', mayWrite && 'Change']}
            >
              {found.map((key) => (
                <Row key={key.id} apiKey={key}>
                  {mayWrite && (
                    <td>
                      {key.state === 'active' && (
                        <span className="row-actions">
                          {key.replacedBy === null && (
                            <Button small onClick={() => setRotating(key)} aria-label={`Rotate ${key.name}`}>
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
                </Row>
              ))}
            </Table>
          )}
        </Listing>
      </section>
      {making && <NewKeyDialog onClose={() => setMaking(false)} onMade={() => void changed()} />}
      {rotating && (
        <RotateKeyDialog
          apiKey={rotating}
          onClose={() => setRotating(undefined)}
          onMade={() => void changed()}
        />
      )}
      {revoking && (
        <ConfirmDialog
          onClose={() => setRevoking(undefined)}
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

function Row({ apiKey, children }: { apiKey: ApiKey; children: ReactNode }) {
  const { id, name, role, projectId, state, replacedBy, lastUsedAt, expiresAt } = apiKey
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {role}
        {projectId === null && <span className="faint"> · system</span>}
      </td>
      <td>
        <Badge tone={tones[state]}>{state}</Badge>
        {replacedBy && (
          <span className="faint">
            {' '}
            replaced by <span className="mono">{replacedBy}</span>
          </span>
        )}
      </td>
      <td className="mono soft">{id}</td>
      <td className="soft">{lastUsedAt ? <Ago at={lastUsedAt} /> : 'never'}</td>
      <td className="soft">{expiresAt ? <Ago at={expiresAt} /> : 'never'}</td>
      {children}
    </tr>
  )
}
