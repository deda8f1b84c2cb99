export type Language = 'curl' | 'python' | 'javascript'

export const SNIPPETS: readonly { id: Language; label: string }[] = [
  { id: 'curl', label: 'curl' },
  { id: 'python', label: 'Python' },
  { id: 'javascript', label: 'JavaScript' },
]

/** What to paste; any Flagsmith SDK works when it is told the address. */
export function snippet(language: Language, url: string, key: string): string {
  switch (language) {
    case 'curl':
      return `curl -H 'X-Environment-Key: ${key}' ${url}flags/`
    case 'python':
      return `# pip install flagsmith\nfrom flagsmith import Flagsmith\n\nflagsmith = Flagsmith(environment_key="${key}", api_url="${url}")\nflags = flagsmith.get_environment_flags()\nprint(flags.is_feature_enabled("my_feature"))`
    case 'javascript':
      return `// npm install @flagsmith/flagsmith\nimport flagsmith from '@flagsmith/flagsmith'\n\nawait flagsmith.init({ environmentID: '${key}', api: '${url}' })\nconsole.log(flagsmith.hasFeature('my_feature'))`
  }
}
