import { Button, Divider, Stack } from '@mantine/core'
import { IconBrandGithub } from '@tabler/icons-react'
import { z } from 'zod/mini'
import { useOwnFlag } from '@/widgets/own-flag'

const addressShape = z.object({ url: z.string() })

/** Ways to sign in that the dashboard's own flags switch on; nothing is advertised that is not configured. */
export function OtherWays() {
  const github = useOwnFlag('oauth_github')
  const url = github.enabled ? addressIn(github.value) : null
  if (!url) return null
  return (
    <Stack gap="sm" mt="md">
      <Divider label="or" />
      <Button component="a" href={url} variant="default" leftSection={<IconBrandGithub size={17} />}>
        Continue with GitHub
      </Button>
    </Stack>
  )
}

function addressIn(value: unknown): string | null {
  try {
    const { url } = addressShape.parse(JSON.parse(String(value)))
    return /^https:\/\//.test(url) ? url : null
  } catch {
    return null
  }
}
