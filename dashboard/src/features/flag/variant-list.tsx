import { Button, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { FeatureInFull } from '@/data/flag'
import { ValueChip } from '@/ui/badge'
import { useCan } from '@/widgets/can'
import { useProject } from '@/widgets/use-environment'
import { variantColour, variantName, variantValue } from './names'
import { VariantsDialog } from './variants-dialog'
import classes from './flag-screen.module.css'

/** The variants with their values, which are the same in all environments. */
export function VariantList({ feature, isDrafted }: { feature: FeatureInFull; isDrafted: boolean }) {
  const [isOpen, dialog] = useDisclosure(false)
  const project = useProject()
  const mayEdit = useCan('EDIT_FEATURE', { project: project.id })
  const mayCreate = useCan('CREATE_FEATURE', { project: project.id })
  const variants = feature.multivariate_options
  return (
    <div>
      <h2 className={classes['label']}>
        Variants
        {mayEdit && mayCreate && (
          <Tooltip label="Save or discard what you changed first" disabled={!isDrafted}>
            <Button
              size="compact-xs"
              variant="subtle"
              data-disabled={isDrafted || undefined}
              aria-disabled={isDrafted}
              onClick={() => !isDrafted && dialog.open()}
            >
              {variants.length > 0 ? 'Edit' : 'Add'}
            </Button>
          </Tooltip>
        )}
      </h2>
      {variants.length === 0 && <p className={classes['quiet']}>None: everybody gets the same value.</p>}
      {variants.map((variant, place) => (
        <div key={variant.id} className={classes['variant']}>
          <span className={classes['swatch']} style={{ background: variantColour(place) }} aria-hidden />
          <code title={variantName(variant)}>{variantName(variant)}</code>
          {variant.key !== null && <ValueChip value={variantValue(variant)} />}
        </div>
      ))}
      <VariantsDialog feature={feature} opened={isOpen} onClose={dialog.close} />
    </div>
  )
}
