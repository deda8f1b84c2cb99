import classes from './checkbox.module.css'

interface CheckboxProps {
  label: string
  checked: boolean
  /** Some of what it stands for is checked. */
  mixed?: boolean
  onToggle: () => void
}

/** A check box light enough for thousands of rows; its label is for those who do not see it. */
export function Checkbox({ label, checked, mixed = false, onToggle }: CheckboxProps) {
  return (
    <input
      type="checkbox"
      className={classes['box']}
      aria-label={label}
      checked={checked}
      ref={(box) => {
        if (box) box.indeterminate = mixed
      }}
      onChange={onToggle}
    />
  )
}
