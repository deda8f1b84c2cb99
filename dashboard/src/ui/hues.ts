/** Eight calm hues; each environment owns one, everywhere it appears. Red is kept for destruction. */
export const HUES = {
  plum: '#a04ac0',
  amber: '#b87400',
  teal: '#0e8a8a',
  blue: '#2f66d6',
  moss: '#5a8a1f',
  rose: '#c2447f',
  slate: '#64748b',
  copper: '#b5603a',
} as const

export type Hue = keyof typeof HUES
