export const SERVER_SNIPPETS = [
  { id: 'python', label: 'Python' },
  { id: 'node', label: 'Node.js' },
  { id: 'java', label: 'Java' },
  { id: 'go', label: 'Go' },
  { id: 'curl', label: 'curl' },
] as const

/** What to paste into a server that evaluates by itself; `url` ends with /api/v1/. */
export function serverSnippet(language: string, url: string, key: string): string {
  switch (language) {
    case 'node':
      return `// npm install flagsmith-nodejs
import { Flagsmith } from 'flagsmith-nodejs'

const flagsmith = new Flagsmith({
  environmentKey: '${key}',
  apiUrl: '${url}',
  enableLocalEvaluation: true,
})
const flags = await flagsmith.getEnvironmentFlags()
console.log(flags.isFeatureEnabled('my_feature'))`
    case 'java':
      return `FlagsmithClient flagsmith = FlagsmithClient.newBuilder()
    .setApiKey("${key}")
    .withApiUrl("${url}")
    .withConfiguration(FlagsmithConfig.newBuilder().withLocalEvaluation(true).build())
    .build();
boolean on = flagsmith.getEnvironmentFlags().isFeatureEnabled("my_feature");`
    case 'go':
      return `// go get github.com/Flagsmith/flagsmith-go-client/v4
client := flagsmith.NewClient("${key}",
    flagsmith.WithBaseURL("${url}"),
    flagsmith.WithLocalEvaluation(ctx),
)
flags, _ := client.GetEnvironmentFlags(ctx)
on, _ := flags.IsFeatureEnabled("my_feature")`
    case 'curl':
      return `curl -H 'X-Environment-Key: ${key}' ${url}environment-document/`
    default:
      return `# pip install flagsmith
from flagsmith import Flagsmith

flagsmith = Flagsmith(
    environment_key="${key}",
    api_url="${url}",
    enable_local_evaluation=True,
)
print(flagsmith.get_environment_flags().is_feature_enabled("my_feature"))`
  }
}
