import { useQuery, useQueryClient } from '@tanstack/react-query'
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
import { Failed, Loading } from '../ui/states.tsx'
import '../ui/table.css'
import { Ago } from '../ui/time.tsx'
import { say, sayFailed } from '../ui/toast.tsx'
import { useTitle } from '../ui/use-title.ts'
import { NewProjectDialog, QuotaDialog } from './project-dialogs.tsx'
import { projectsQuery, useCurrentProject } from './queries.ts'

/** What is asked about, and of which project. */
type Asking = { readonly what: 'new' } | { readonly what: 'quota' | 'delete'; readonly project: Project }

export function ProjectsPage() {
  useTitle('Projects')
  const queryClient = useQueryClient()
  const mayWrite = may(useSession(), 'projects:write')
  const { data: projects, error, refetch } = useQuery(projectsQuery)
  const current = useCurrentProject()
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
      <div className="page-head">
        <div>
          <h1>Projects</h1>
          <p>Tenants: what is in one is not there for the others.</p>
        </div>
        {mayWrite && (
          <div className="actions">
            <Button look="primary" onClick={() => setAsking({ what: 'new' })}>
              <Plus aria-hidden="true" />
              New project
            </Button>
          </div>
        )}
      </div>
      <section className="card" aria-label="Projects">
        {error && !projects ? (
          <Failed title="The projects cannot be listed" error={error} again={() => void refetch()} />
        ) : projects ? (
          <div className="table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th>Name</th>
                  <th>Instances</th>
                  <th>Operations under way</th>
                  <th>Created</th>
                  <th>Change</th>
                </tr>
              </thead>
              <tbody>
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
              </tbody>
            </table>
          </div>
        ) : (
          <Loading what="the projects" />
        )}
      </section>
      {asking?.what === 'new' && <NewProjectDialog onClose={close} onDone={changed} />}
      {asking?.what === 'quota' && <QuotaDialog project={asking.project} onClose={close} onDone={changed} />}
      {asking?.what === 'delete' && (
        <ConfirmDialog
          open
          onOpenChange={close}
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
