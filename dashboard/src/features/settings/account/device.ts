/** Later ones call themselves by the names of earlier ones, too: the first that fits is right. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]

/** A browser or program as people call it: "Firefox on Windows". */
export function deviceOf(label: string | null): string {
  if (!label?.trim()) return 'Unknown program'
  const browser = nameIn(BROWSERS, label)
  const system = nameIn(SYSTEMS, label)
  if (browser) return system ? `${browser} on ${system}` : browser
  const [program = label] = label.trim().split(/[/\s]/)
  return program
}

function nameIn(names: readonly (readonly [RegExp, string])[], label: string): string | undefined {
  return names.find(([sign]) => sign.test(label))?.[1]
}
