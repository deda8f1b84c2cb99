import { IconSettings } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { me } from '@/data/account'
import { usePaletteActions } from '@/widgets/palette-actions'
import { SECTIONS } from './sections'
import { settingsPath, titleOf, useSettingsPlace } from './settings-place'

/** Every settings page in the command palette, wherever one is. */
export function SettingsCommands() {
  const { organisation, project, environment } = useSettingsPlace()
  const isSuperuser = useQuery(me).data?.is_superuser === true
  const navigate = useNavigate()
  const actions = useMemo(() => {
    const place = { organisation, project, environment }
    return SECTIONS.flatMap(({ scope, tab, label, words }) => {
      const to = settingsPath(scope, place)
      if (to === null || (scope === 'server' && !isSuperuser)) return []
      return {
        id: `settings:${scope}:${tab}`,
        label: `${label} of ${titleOf(scope, place).replace('You', 'your account').replace('This', 'this')}`,
        about: `Settings: ${words}`,
        group: 'Settings',
        icon: IconSettings,
        run: () => void navigate({ to, search: { tab } }),
      }
    })
  }, [organisation, project, environment, isSuperuser, navigate])
  usePaletteActions(actions)
  return null
}
