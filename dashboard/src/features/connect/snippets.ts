export const SDKS = [
  { id: 'python', label: 'Python', install: 'pip install flagsmith' },
  { id: 'javascript', label: 'JavaScript', install: 'npm install @flagsmith/flagsmith' },
  { id: 'react', label: 'React', install: 'npm install @flagsmith/flagsmith' },
  { id: 'node', label: 'Node.js', install: 'npm install flagsmith-nodejs' },
  { id: 'java', label: 'Java', install: 'implementation("com.flagsmith:flagsmith-java-client:7.4.3")' },
  { id: 'go', label: 'Go', install: 'go get github.com/Flagsmith/flagsmith-go-client/v4' },
  { id: 'curl', label: 'curl', install: null },
] as const

export type Language = (typeof SDKS)[number]['id']

interface Asked {
  url: string
  key: string
  /** A feature of the project, so that the snippet runs as it is. */
  feature: string
}

/** What to paste; any Flagsmith SDK works when it is told the address. */
export function snippet(language: Language, { url, key, feature }: Asked): string {
  switch (language) {
    case 'curl':
      return `curl -H 'X-Environment-Key: ${key}' ${url}flags/`
    case 'python':
      return `from flagsmith import Flagsmith

flagsmith = Flagsmith(
    environment_key="${key}",
    api_url="${url}",
)
flags = flagsmith.get_environment_flags()
print(flags.is_feature_enabled("${feature}"))`
    case 'javascript':
      return `import flagsmith from '@flagsmith/flagsmith'

await flagsmith.init({ environmentID: '${key}', api: '${url}' })
console.log(flagsmith.hasFeature('${feature}'))`
    case 'react':
      return `import flagsmith from '@flagsmith/flagsmith'
import { FlagsmithProvider, useFlags } from '@flagsmith/flagsmith/react'

function Page() {
  const { ${feature} } = useFlags(['${feature}'])
  return ${feature}.enabled ? 'on' : 'off'
}

export const App = () => (
  <FlagsmithProvider flagsmith={flagsmith} options={{ environmentID: '${key}', api: '${url}' }}>
    <Page />
  </FlagsmithProvider>
)`
    case 'node':
      return `import { Flagsmith } from 'flagsmith-nodejs'

const flagsmith = new Flagsmith({ environmentKey: '${key}', apiUrl: '${url}' })
const flags = await flagsmith.getEnvironmentFlags()
console.log(flags.isFeatureEnabled('${feature}'))`
    case 'java':
      return `FlagsmithClient flagsmith = FlagsmithClient.newBuilder()
    .setApiKey("${key}")
    .withApiUrl("${url}")
    .build();
System.out.println(flagsmith.getEnvironmentFlags().isFeatureEnabled("${feature}"));`
    case 'go':
      return `client := flagsmith.NewClient("${key}", flagsmith.WithBaseURL("${url}"))
flags, err := client.GetFlags(ctx, nil)
if err != nil {
	return err
}
enabled, err := flags.IsFeatureEnabled("${feature}")`
  }
}
