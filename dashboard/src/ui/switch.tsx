import classes from './switch.module.css'

interface SwitchProps {
  label: string
  checked: boolean
  disabled?: boolean
  onToggle: () => void
}

/** A switch light enough for thousands of cells. */
export function Switch({ label, checked, disabled = false, onToggle }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      disabled={disabled}
      className={classes['switch']}
      onClick={onToggle}
    />
  )
}
