import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { QRCodeSVG } from 'qrcode.react'
import { useState } from 'react'
import {
  hasSecondFactor,
  useBeginSecondFactor,
  useConfirmSecondFactor,
  useRemoveSecondFactor,
} from '@/data/account-settings'
import { messageOf } from '@/lib/errors'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { CopyButton } from '@/ui/copy-button'
import { notifyDone } from '@/ui/notify'
import { useProof } from '@/widgets/proof'
import { Block } from '../block'
import classes from './second-factor.module.css'

/** Codes of an application on a phone, asked for after the password. */
export function SecondFactor() {
  const { data: isOn } = useSuspenseQuery(hasSecondFactor)
  const begin = useBeginSecondFactor()
  const prove = useConfirmSecondFactor()
  const codes = prove.data?.backup_codes ?? []
  const remove = useRemoveSecondFactor()
  const { attempt, dialog } = useProof()
  const turnOff = () =>
    confirm({
      title: 'Turn two-factor sign-in off?',
      children: 'Your password alone opens your account then, and the backup codes are worth nothing.',
      action: 'Turn it off',
      destructive: true,
      onConfirm: () => {
        begin.reset()
        prove.reset()
        void attempt(async (proof) => {
          await remove.mutateAsync(proof)
          notifyDone({ message: 'Two-factor sign-in is off' })
        })
      },
    })
  return (
    <Block
      title="Two-factor sign-in"
      about="After your password, a code of an authenticator app."
      actions={<Badge tone={isOn ? 'positive' : 'neutral'}>{isOn ? 'on' : 'off'}</Badge>}
    >
      {dialog}
      {codes.length > 0 && <BackupCodes codes={codes} />}
      {isOn && (
        <Button variant="default" onClick={turnOff} loading={remove.isPending}>
          Turn two-factor sign-in off…
        </Button>
      )}
      {!isOn && !begin.data && (
        <Button onClick={() => void attempt(begin.mutateAsync)} loading={begin.isPending}>
          Set up two-factor sign-in
        </Button>
      )}
      {!isOn && begin.data && (
        <SetUp
          link={begin.data.qr_link}
          secret={begin.data.secret}
          problem={prove.error && messageOf(prove.error)}
          isProving={prove.isPending}
          onProve={prove.mutate}
        />
      )}
    </Block>
  )
}

interface SetUpProps {
  link: string
  secret: string
  problem: string | null
  isProving: boolean
  onProve: (code: string) => void
}

function SetUp({ link, secret, problem, isProving, onProve }: SetUpProps) {
  const [code, setCode] = useState('')
  return (
    <Group align="flex-start" gap="lg">
      <div className={classes['picture']}>
        <QRCodeSVG value={link} size={168} marginSize={2} title="QR code for your authenticator app" />
      </div>
      <form
        className={classes['steps']}
        onSubmit={(event) => {
          event.preventDefault()
          onProve(code.replace(/\s/g, ''))
        }}
      >
        <Stack gap="sm">
          <Text size="sm">1. Scan the picture with your authenticator app, or type this into it:</Text>
          <Group gap={4} wrap="nowrap">
            <Code className={classes['secret'] ?? ''}>{secret}</Code>
            <CopyButton text={secret} what="the secret" />
          </Group>
          <TextInput
            label="2. The code that it shows"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={10}
            w={160}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            error={problem}
          />
          <Button type="submit" mr="auto" disabled={code.trim().length < 6} loading={isProving}>
            Turn it on
          </Button>
        </Stack>
      </form>
    </Group>
  )
}

function BackupCodes({ codes }: { codes: readonly string[] }) {
  const text = codes.join('\n')
  return (
    <div className={classes['codes']} role="status">
      <Group justify="space-between" mb={6}>
        <Text size="sm" fw={500}>
          Keep these codes where your phone is not: each lets you in once. They are not shown again.
        </Text>
        <CopyButton text={text} what="the backup codes" />
      </Group>
      <Code block>{text}</Code>
    </div>
  )
}
