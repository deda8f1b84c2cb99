import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { preload } from '@/lib/preload'
import { useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useState, type ReactNode } from 'react'
import { useLiveUpdates } from '@/data/live'
import { part } from '@/ui/part'
import { useWatchedServer } from '../connection'
import { environmentColour } from '../environment-colour'
import { LiveNews } from '../live-news'
import { usePlace } from '../place'
import { Header } from './header'
import { NavRail } from './nav-rail'
import { openPalette, usePaletteAsked } from './palette-store'
import classes from './shell.module.css'

const loadPalette = () => import('./palette')
const Palette = part(loadPalette)
/** The palette is there before anybody types into it, and like the news it does not hold up the first page. */
const AFTER_THE_PAGE = 1_500
const KeyboardHelp = part(() => import('./keyboard-help'))

/** The frame of every page behind sign-in: one rail, one header, the page. */
export function Shell({ children }: { children: ReactNode }) {
  const place = usePlace()
  const [isMenuOpen, menu] = useDisclosure(false)
  const asked = usePaletteAsked()
  const [isHelpOpen, help] = useDisclosure(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const live = useLiveUpdates(place.project?.id ?? null, place.environments)
  useWatchedServer()
  const { close } = menu
  useEffect(close, [path, close])
  const [isSettled, setSettled] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(true)
      preload(loadPalette)
    }, AFTER_THE_PAGE)
    return () => clearTimeout(timer)
  }, [])
  useHotkeys([['mod+K', openPalette]], [])
  useHotkeys([
    ['shift+/', help.open],
    ['?', help.open],
  ])
  const isInEnvironment = path.includes('/environment/') && place.environment !== null
  return (
    <div className={classes['shell']}>
      <a href="#main" className="skip-link" onClick={skipToMain}>
        Skip to the page
      </a>
      <nav className={classes['rail']} data-open={isMenuOpen} aria-label="Main">
        <NavRail place={place} path={path} />
      </nav>
      {isMenuOpen && (
        <button type="button" aria-label="Close the menu" className={classes['veil']} onClick={close} />
      )}
      <div className={classes['column']}>
        {isInEnvironment && place.environment && (
          <div className={classes['line']} style={{ background: environmentColour(place.environment) }} />
        )}
        <Header place={place} live={live} isMenuOpen={isMenuOpen} onMenu={menu.toggle} onHelp={help.open} />
        <main id="main" tabIndex={-1} className={classes['main']}>
          {children}
        </main>
      </div>
      {isSettled && place.project && live === 'live' && (
        <LiveNews key={place.project.id} project={place.project.id} />
      )}
      <Suspense fallback={null}>
        {asked > 0 && <Palette place={place} asked={asked} onHelp={help.open} />}
        {isHelpOpen && <KeyboardHelp onClose={help.close} />}
      </Suspense>
    </div>
  )
}

// The base of the page makes a bare #main another address.
function skipToMain(event: { preventDefault: () => void }) {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
