const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/

export function isVersion(text: string): boolean {
  return VERSION.test(text)
}

/** Below zero when `one` comes before `other`; null when either is no version. */
export function compareVersions(one: string, other: string): number | null {
  const left = VERSION.exec(one)
  const right = VERSION.exec(other)
  if (!left || !right) return null
  for (const place of [1, 2, 3]) {
    const difference = Number(left[place]) - Number(right[place])
    if (difference !== 0) return difference
  }
  return comparePreReleases(left[4], right[4])
}

// A version comes after its pre-releases; numbers in these come before words.
function comparePreReleases(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined)
  const left = one.split('.')
  const right = other.split('.')
  for (const [place, part] of left.entries()) {
    const against = right[place]
    if (against === undefined) return 1
    if (part !== against) return comparePart(part, against)
  }
  return left.length - right.length
}

function comparePart(one: string, other: string): number {
  const numbers = [one, other].map((part) => /^\d+$/.test(part))
  if (numbers[0] && numbers[1]) return Number(one) - Number(other)
  if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1
  return one < other ? -1 : 1
}
