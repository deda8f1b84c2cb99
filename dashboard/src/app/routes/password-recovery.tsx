import { createFileRoute } from '@tanstack/react-router'
import { ForgottenPassword } from '@/features/sign-in/forgotten-password'

export const Route = createFileRoute('/password-recovery')({ component: ForgottenPassword })
