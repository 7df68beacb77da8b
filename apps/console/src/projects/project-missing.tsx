import { FolderX } from 'lucide-react'
import { leaveProject, project } from '../app/project.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'

/** The address names a project that is not there, or not for this key. */
export function ProjectMissing() {
  return (
    <main>
      <Empty heading="h1" title={`There is no project ${project}`} icon={<FolderX aria-hidden="true" />}>
        <p>It may be deleted, or your key may belong to another one.</p>
        <Button onClick={leaveProject}>Go to my project</Button>
      </Empty>
    </main>
  )
}
