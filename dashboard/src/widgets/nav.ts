import type { Icon } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'

/** How a page appears in the rail and in the palette: `staticData: { nav: { … } }` on its route. */
export interface NavEntry {
  label: string
  icon: Icon
  /** Which ids its address needs, and so in which group it stands. */
  scope: 'environment' | 'project' | 'organisation'
  /** Its place in the group; tens leave room. */
  order: number
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    nav?: NavEntry
  }
}

export interface NavLink extends NavEntry {
  to: string
}

interface KnownRoute {
  fullPath: string
  options: { staticData?: { nav?: NavEntry } }
}

/** The pages of one scope, in order. */
export function useNavLinks(scope: NavEntry['scope']): NavLink[] {
  return Object.values<KnownRoute>({ ...useRouter().routesById })
    .flatMap(({ fullPath, options }) => {
      const nav = options.staticData?.nav
      return nav?.scope === scope ? [{ ...nav, to: fullPath.replace(/\/$/, '') }] : []
    })
    .sort((one, other) => one.order - other.order)
}
