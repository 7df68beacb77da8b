import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { defaultProjectId } from '@toygres/schema'
import type { Project } from '@toygres/sdk'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { goToProject } from '../app/project.ts'
import { may } from '../app/session.ts'
import { outsideProject } from '../app/toygres.ts'
import { useSession } from '../app/use-session.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'
import { Ago } from '../ui/time.tsx'
import { say, sayFailed } from '../ui/toast.tsx'
import { NewProjectDialog, QuotaDialog } from './project-dialogs.tsx'
import { projectsQuery, useCurrentProject } from './queries.ts'

/** What is asked about, and of which project. */
interface Asking {
  readonly what: 'quota' | 'delete'
  readonly project: Project
}

export function ProjectsPage() {
  const queryClient = useQueryClient()
  const mayWrite = may(useSession(), 'projects:write')
  const { data: projects, error, refetch } = useQuery(projectsQuery)
  const current = useCurrentProject()
  const { new: making = false } = useSearch({ from: '/shell/projects' })
  const navigate = useNavigate({ from: '/projects' })
  const setMaking = (isMaking: boolean) =>
    void navigate({ search: { new: isMaking || undefined }, replace: true })
  const [asking, setAsking] = useState<Asking>()
  const close = () => setAsking(undefined)
  const changed = () => void queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey })

  async function remove({ id, name }: Project) {
    try {
      await outsideProject.projects.delete(id)
      say(`${name} is deleted`)
      changed()
    } catch (refused) {
      sayFailed(`${name} is not deleted`, refused)
    }
  }

  return (
    <main>
      <PageHead title="Projects" about="Tenants: what is in one is not there for the others.">
        {mayWrite && (
          <Button look="primary" onClick={() => setMaking(true)}>
            <Plus aria-hidden="true" />
            New project
          </Button>
        )}
      </PageHead>
      <section className="card" aria-label="Projects">
        {error && !projects ? (
          <Failed title="The projects cannot be listed" error={error} again={() => void refetch()} />
        ) : projects ? (
          <Table name="Projects" columns={['Name', 'Instances', 'Operations under way', 'Created', 'Change']}>
            {projects.map((one) => (
              <tr key={one.id} className={one.id === current?.id ? 'chosen' : ''}>
                <th scope="row">
                  {one.name}
                  {one.id === current?.id && <span className="soft"> · you are here</span>}
                </th>
                <td className="number">{used(one, 'instances')}</td>
                <td className="number">{used(one, 'operations')}</td>
                <td className="soft">
                  <Ago at={one.createdAt} />
                </td>
                <td>
                  <span className="row-actions">
                    {one.id !== current?.id && (
                      <Button
                        small
                        aria-label={`Go to it: ${one.name}`}
                        onClick={() => goToProject(one.name)}
                      >
                        Go to it
                      </Button>
                    )}
                    {mayWrite && (
                      <Button
                        small
                        aria-label={`Quota of ${one.name}`}
                        onClick={() => setAsking({ what: 'quota', project: one })}
                      >
                        Quota
                      </Button>
                    )}
                    {mayWrite && one.id !== defaultProjectId && one.id !== current?.id && (
                      <Button
                        small
                        aria-label={`Delete ${one.name}`}
                        onClick={() => setAsking({ what: 'delete', project: one })}
                      >
                        Delete
                      </Button>
                    )}
                  </span>
                </td>
              </tr>
            ))}
          </Table>
        ) : (
          <Loading what="the projects" />
        )}
      </section>
      {making && <NewProjectDialog onClose={() => setMaking(false)} onDone={changed} />}
      {asking?.what === 'quota' && <QuotaDialog project={asking.project} onClose={close} onDone={changed} />}
      {asking?.what === 'delete' && (
        <ConfirmDialog
          onClose={close}
          title={`Delete ${asking.project.name}?`}
          typed={asking.project.name}
          verb="Delete"
          onConfirm={() => remove(asking.project)}
        >
          Only one that is empty can be deleted. Its keys open nothing any more.
        </ConfirmDialog>
      )}
    </main>
  )
}

function used({ usage, quota }: Project, of: 'instances' | 'operations'): string {
  const limit = quota[of]
  return limit === null ? `${usage[of]}, no limit` : `${usage[of]} of ${limit}`
}
