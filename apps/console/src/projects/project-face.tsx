import { ChevronsUpDown, FolderKanban } from 'lucide-react'
import { useCurrentProject } from './queries.ts'

export function ProjectFace() {
  const name = useCurrentProject()?.name ?? 'no such project'
  return (
    <>
      <FolderKanban aria-hidden="true" />
      <span>
        <span className="visually-hidden">Project </span>
        {name}
      </span>
      <ChevronsUpDown aria-hidden="true" />
    </>
  )
}
