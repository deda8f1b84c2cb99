import { Alert, Modal, Stack, Text } from '@mantine/core'
import type { Saml } from '@/data/sso'
import { serverUrl } from '@/lib/facts'
import type { OrganisationId } from '@/lib/ids'
import { ListSkeleton } from '@/ui/states'
import { Moment } from '@/widgets/moment'
import { Screen } from '@/widgets/screen'
import { Block } from '../block'
import { fingerprint } from './certificates'
import { CopiedFacts } from './copied-facts'
import { SamlForm } from './saml-form'
import { SamlKey } from './saml-key'
import { SamlMappings } from './saml-mappings'

interface SamlDialogProps {
  organisation: OrganisationId
  /** Null for one that is being made. */
  saml: Saml | null
  onMade: (saml: Saml) => void
  onClose: () => void
}

/** One configuration: what we need of the identity provider, and what it needs of us. */
export function SamlDialog({ organisation, saml, onMade, onClose }: SamlDialogProps) {
  return (
    <Modal opened onClose={onClose} size="xl" title={saml ? `SAML: ${saml.name}` : 'New SAML configuration'}>
      <Stack gap="sm">
        {saml?.metadata_problem && (
          <Alert color="red" variant="light" role="alert" title="The metadata cannot be used">
            {saml.metadata_problem}
          </Alert>
        )}
        {saml && <ForProvider saml={saml} />}
        <SamlForm
          key={saml?.id ?? 'new'}
          organisation={organisation}
          saml={saml}
          onSaved={(saved) => {
            if (!saml) onMade(saved)
          }}
        />
        {saml && <SamlKey organisation={organisation} saml={saml} />}
        {saml && (
          <Screen what="the attributes" waiting={<ListSkeleton rows={2} />}>
            <SamlMappings organisation={organisation} saml={saml.id} />
          </Screen>
        )}
      </Stack>
    </Modal>
  )
}

function ForProvider({ saml: { name, entity_id, acs_url, certificates } }: { saml: Saml }) {
  return (
    <Block
      title="For the identity provider"
      about="Give it these, or the address of our metadata, which says it all."
    >
      <CopiedFacts
        facts={[
          ['Entity ID', entity_id],
          ['ACS URL', acs_url],
          ['Metadata', `${serverUrl}/api/v1/auth/saml/${name}/metadata/`],
          ...certificates.map(
            ({ sha256 }, place) =>
              [
                place === 0 ? 'Certificate (SHA-256)' : 'Next certificate (SHA-256)',
                fingerprint(sha256),
              ] as const,
          ),
        ]}
      />
      {certificates.map(({ sha256, expires_at }, place) => (
        <Text key={sha256} size="xs" c="dimmed" mt={4}>
          {place === 0 ? 'The certificate ends ' : 'The next one ends '}
          <Moment at={expires_at} />.
        </Text>
      ))}
    </Block>
  )
}
