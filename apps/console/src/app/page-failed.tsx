import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { Failed } from '../ui/states.tsx'

export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const again = () => {
    reset()
    void router.invalidate()
  }
  return (
    <main>
      <Failed heading="h1" title="This page cannot be shown" error={error} again={again} />
    </main>
  )
}
