import { Button, Switch } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './block.module.css'

interface BlockProps {
  title: string
  about?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** A part of a settings page with a heading of its own. */
export function Block({ title, about, actions, children }: BlockProps) {
  return (
    <section className={classes['block']} aria-label={title}>
      <div className={classes['head']}>
        <div>
          <h2 className={classes['title']}>{title}</h2>
          {about && <p className={classes['about']}>{about}</p>}
        </div>
        {actions && <div className={classes['actions']}>{actions}</div>}
      </div>
      {children}
    </section>
  )
}

interface SettingSwitchProps {
  label: string
  about: string
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
}

/** Something that is on or off, with what it means. */
export function SettingSwitch({ label, about, checked, onChange, disabled = false }: SettingSwitchProps) {
  return (
    <Switch
      label={label}
      description={about}
      checked={checked}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}

interface DangerProps {
  title: string
  about: ReactNode
  action: string
  onAct: () => void
  loading?: boolean
}

/** Something that cannot be taken back. */
export function Danger({ title, about, action, onAct, loading = false }: DangerProps) {
  return (
    <section className={classes['danger']} aria-label={title}>
      <div>
        <h2 className={classes['title']}>{title}</h2>
        <p className={classes['about']}>{about}</p>
      </div>
      <Button variant="outline" color="red.8" onClick={onAct} loading={loading} className={classes['red']}>
        {action}
      </Button>
    </section>
  )
}
