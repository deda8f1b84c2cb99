import { createFileRoute } from '@tanstack/react-router'
import { NewPassword } from '@/features/sign-in/new-password'

export const Route = createFileRoute('/password-reset/confirm/$uid/$token')({ component: NewPasswordRoute })

function NewPasswordRoute() {
  const { uid, token } = Route.useParams()
  return <NewPassword uid={uid} token={token} />
}
