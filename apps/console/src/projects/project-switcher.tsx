import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FolderKanban } from 'lucide-react'
import { MenuWhenWanted, menuIn } from '../ui/menu-when-wanted.tsx'
import { ProjectFace } from './project-face.tsx'
import './project-switcher.css'
import { projectsQuery, useCurrentProject } from './queries.ts'

const projectMenu = menuIn(() => import('./project-menu.tsx').then(({ ProjectMenu }) => ProjectMenu))

/** In which project everything else on the page is, and the way to the others. */
export function ProjectSwitcher() {
  const { data: projects } = useQuery(projectsQuery)
  const current = useCurrentProject()
  if (projects === undefined) return <div className="project" aria-hidden="true" />
  if (projects.length === 1 && current)
    return (
      <Link to="/projects" className="project" aria-label={`Project ${current.name}`}>
        <FolderKanban aria-hidden="true" />
        <span>{current.name}</span>
      </Link>
    )
  return (
    <MenuWhenWanted {...projectMenu} className="project">
      <ProjectFace />
    </MenuWhenWanted>
  )
}
