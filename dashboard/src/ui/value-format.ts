export const FORMATS = ['txt', 'json', 'yaml', 'xml', 'toml'] as const
export type Format = (typeof FORMATS)[number]

export function isFormat(text: string): text is Format {
  return FORMATS.some((format) => format === text)
}

/** The format that a text seems to be in; text that is no object is plain. */
export function detectFormat(text: string): Format {
  const start = text.trimStart()
  if (/^[[{]/.test(start) && problemIn(text, 'json') === null) return 'json'
  if (start.startsWith('<')) return 'xml'
  return 'txt'
}

/** What is wrong with a text of this format, in words; null for nothing. */
export function problemIn(text: string, format: Format): string | null {
  if (text.trim() === '') return null
  if (format === 'json') {
    try {
      JSON.parse(text)
    } catch (error) {
      return `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`
    }
  }
  if (format === 'xml') {
    const fault = new DOMParser().parseFromString(text, 'application/xml').querySelector('parsererror')
    if (fault) return 'This is not XML: a tag is not closed, or a character is not allowed.'
  }
  return null
}
