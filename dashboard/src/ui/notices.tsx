import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'
import classes from './notices.module.css'

/** Where notices appear; it arrives after the first page, and shows what was told before. */
export default function Notices() {
  return <Notifications position="bottom-right" limit={4} classNames={{ root: classes['notices'] ?? '' }} />
}
