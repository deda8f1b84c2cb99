import { useDeletePlace } from '@/data/place-settings'
import type { Place } from '@/data/permissions'
import { confirm } from '@/ui/confirm'
import { Danger } from './block'

interface DeletePlaceProps {
  place: Place
  /** "project" */
  kind: string
  name: string
  /** What goes with it, for the page. */
  about: string
  /** What goes with it, for the question. */
  goes: string
  onDeleted: () => void
}

/** Deletes a place once its name was typed. */
export function DeletePlace({ place, kind, name, about, goes, onDeleted }: DeletePlaceProps) {
  const remove = useDeletePlace(place)
  const ask = () =>
    confirm({
      title: `Delete ${name}?`,
      children: goes,
      action: `Delete the ${kind}`,
      typed: name,
      destructive: true,
      onConfirm: () => remove.mutate(undefined, { onSuccess: onDeleted }),
    })
  return (
    <Danger
      title={`Delete the ${kind}`}
      about={`${about} There is no way back.`}
      action={`Delete the ${kind}…`}
      loading={remove.isPending}
      onAct={ask}
    />
  )
}
