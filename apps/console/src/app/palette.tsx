import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { useState } from 'react'
import { useCommands, type Command } from './commands.tsx'
import './palette.css'

export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [text, setText] = useState('')
  const groups = useCommands(text)
  const close = () => {
    onOpenChange(false)
    setText('')
  }
  const run = ({ run }: Command) => {
    close()
    run()
  }
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? onOpenChange(true) : close())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Viewport className="palette-place">
          <Dialog.Popup className="palette" aria-label="Command palette">
            <Autocomplete.Root
              open
              inline
              items={groups}
              value={text}
              onValueChange={setText}
              itemToStringValue={(command: Command) => `${command.label} ${command.also ?? ''}`}
              autoHighlight="always"
              keepHighlight
            >
              <Autocomplete.Input
                className="palette-input"
                aria-label="Search instances, pages and commands"
                placeholder="Search instances, pages and commands…"
              />
              <Autocomplete.Empty className="palette-empty">Nothing is called that.</Autocomplete.Empty>
              <Autocomplete.List className="palette-list">
                {(group: (typeof groups)[number]) => (
                  <Autocomplete.Group key={group.value} items={group.items}>
                    <Autocomplete.GroupLabel className="menu-label">{group.value}</Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(command: Command) => (
                        <Autocomplete.Item
                          key={command.id}
                          value={command}
                          className="menu-item"
                          onClick={() => run(command)}
                        >
                          {command.icon}
                          <span>{command.label}</span>
                          {command.note && <span className="faint note">{command.note}</span>}
                        </Autocomplete.Item>
                      )}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
            </Autocomplete.Root>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
