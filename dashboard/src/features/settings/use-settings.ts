import { useChangeSettings } from '@/data/place-settings'
import type { Place } from '@/data/permissions'
import { messageOf } from '@/lib/errors'
import { notifyDone } from '@/ui/notify'
import { useDraft } from './draft'

/** The settings of a place as somebody would have them, and what saves them. */
export function useSettings<Facts extends object>(place: Place, saved: Facts) {
  const { draft, set, changed, amount, discard } = useDraft(saved)
  const { mutate, isPending, error } = useChangeSettings(place)
  const save = () =>
    mutate(changed, {
      onSuccess: () => {
        discard()
        notifyDone({ message: 'The settings were saved' })
      },
    })
  return { draft, set, saving: { amount, discard, save, isPending, problem: error && messageOf(error) } }
}

export type SettingsSaving = ReturnType<typeof useSettings>['saving']
