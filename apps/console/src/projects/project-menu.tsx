import { Menu } from '@base-ui/react/menu'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Check, FolderKanban } from 'lucide-react'
import { goToProject } from '../app/project.ts'
import { OpenMenu } from '../ui/open-menu.tsx'
import { ProjectFace } from './project-face.tsx'
import { projectsQuery, useCurrentProject } from './queries.ts'

/** The projects that there are; the one that the page is in is checked. */
export function ProjectMenu() {
  const navigate = useNavigate()
  const { data: projects = [] } = useQuery(projectsQuery)
  const current = useCurrentProject()
  return (
    <OpenMenu className="project" face={<ProjectFace />} side="bottom" panel="projects-menu">
      <Menu.RadioGroup value={current?.name ?? ''} onValueChange={goToProject}>
        <Menu.Group>
          <Menu.GroupLabel className="menu-label">Project</Menu.GroupLabel>
          {projects.map(({ id, name, usage }) => (
            <Menu.RadioItem key={id} value={name} className="menu-item" closeOnClick>
              <Menu.RadioItemIndicator className="menu-check" keepMounted>
                <Check aria-hidden="true" />
              </Menu.RadioItemIndicator>
              <span className="grow">{name}</span>
              <span className="faint number">
                {usage.instances}
                <span className="visually-hidden"> instances</span>
              </span>
            </Menu.RadioItem>
          ))}
        </Menu.Group>
      </Menu.RadioGroup>
      <Menu.Separator className="menu-line" />
      <Menu.Item className="menu-item" onClick={() => void navigate({ to: '/projects' })}>
        <FolderKanban aria-hidden="true" />
        All projects
      </Menu.Item>
    </OpenMenu>
  )
}
