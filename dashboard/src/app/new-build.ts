import { noticeApi } from '@/lib/api-client'
import { keepInTab, takenFromTab } from '@/lib/storage'
import { notifyNews, notifyToLoadAnew } from '@/ui/notify'
import { onRecovery } from '@/widgets/connection'

const NOT_LOADED = 'A part of this page could not be loaded.'
const MARK = 'loaded-anew-for'
const SCRIPT = 'script[type="module"]'

const own = scriptOf(document)
/** The build for which this tab was loaded anew; where that did not help, doing it again would not either. */
const wanted = takenFromTab(MARK)
let isWaiting = false

/** When the server has another build, parts of this one are gone: says so, and loads the page anew, once. */
export function keepUpWithBuilds(): void {
  if (wanted) notifyNews({ title: 'Burgee was updated', message: 'So this page was loaded anew.' })
  addEventListener('vite:preloadError', (event) => {
    // The browser's words say nothing to people, and by them the router would load the page anew without having looked.
    event.payload.message = NOT_LOADED
    void lookForAnother()
  })
  onRecovery(() => {
    if (isWaiting) void lookForAnother()
  })
}

/** What the page itself tells, so that nobody else has to. */
export function isNotLoaded(error: unknown): boolean {
  return error instanceof Error && error.message === NOT_LOADED
}

async function lookForAnother(): Promise<void> {
  const served = await servedScript()
  isWaiting = served === null
  if (served === null) return noticeApi('unreachable')
  if (served === own) return
  if (served === wanted || isInTheMiddle()) return notifyToLoadAnew()
  keepInTab(MARK, served)
  location.reload()
}

/** What the page would load now; null when nobody tells. */
async function servedScript(): Promise<string | null> {
  try {
    const answer = await fetch(document.baseURI, { cache: 'no-store' })
    if (!answer.ok) return null
    return scriptOf(new DOMParser().parseFromString(await answer.text(), 'text/html'))
  } catch {
    return null
  }
}

function scriptOf(page: Document): string {
  return page.querySelector(SCRIPT)?.getAttribute('src') ?? ''
}

/** Whether somebody would lose what they typed: the same question that the browser asks before it leaves. */
function isInTheMiddle(): boolean {
  const question = new Event('beforeunload', { cancelable: true })
  dispatchEvent(question)
  return question.defaultPrevented || document.querySelector('[role="dialog"]') !== null
}
