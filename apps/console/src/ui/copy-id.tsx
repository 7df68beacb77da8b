import { CopyButton } from './copy-button.tsx'

/** Long, and of use only as a whole. */
export function CopyId({ id }: { id: string }) {
  return (
    <span className="mono id with-copy">
      {id}
      <CopyButton text={id} label="Copy the id" />
    </span>
  )
}
