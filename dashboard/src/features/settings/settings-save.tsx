import { SaveBar } from '@/widgets/save-bar'
import { Problem } from './problem'
import type { SettingsSaving } from './use-settings'

/** What was refused, and the one save of a settings page. */
export function SettingsSave({ saving }: { saving: SettingsSaving }) {
  return (
    <>
      <Problem text={saving.problem} />
      <SaveBar
        changes={saving.amount}
        onDiscard={saving.discard}
        saving={saving.isPending}
        action="Save the settings"
        onSave={saving.save}
      />
    </>
  )
}
