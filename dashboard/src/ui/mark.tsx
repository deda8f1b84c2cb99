/** The mark: a swallow-tailed pennant on its staff. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden focusable="false">
      <path fill="var(--text-muted)" d="M2 1h1.600v14H2z" />
      <path fill="var(--mantine-color-marine-6)" d="M4.400 2 15 3.800l-3.400 3L15 9.800 4.400 11.600z" />
    </svg>
  )
}
