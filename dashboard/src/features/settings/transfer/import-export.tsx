import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { useProject } from '@/widgets/use-environment'
import { Exports } from './exports'
import { Imports } from './imports'

/** Features as files: out of one environment, into another one or another server. */
export function ImportExport() {
  const { name } = useProject()
  return (
    <Page
      title="Import and export"
      of={name}
      about="A file holds the features with their state in one environment, in Flagsmith's format. Overrides stay at home."
    >
      <Screen what="the exports">
        <Exports />
      </Screen>
      <Screen what="the imports">
        <Imports />
      </Screen>
    </Page>
  )
}
