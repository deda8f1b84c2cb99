// Asks flagsmith-nodejs a list of questions and prints its answers as JSON.
import { readFileSync } from "node:fs";
import { Flagsmith } from "flagsmith-nodejs";

const { apiUrl, clients } = JSON.parse(readFileSync(0, "utf8"));

const shown = (flags) =>
  Object.fromEntries(flags.allFlags().map((flag) => [flag.featureName, [flag.enabled, flag.value]]));

async function answer(flagsmith, { kind, identifier, traits, transient, feature, times }) {
  if (kind === "environment") return shown(await flagsmith.getEnvironmentFlags());
  if (kind === "identity") return shown(await flagsmith.getIdentityFlags(identifier, traits ?? {}, transient ?? false));
  if (kind === "segments") {
    const segments = await flagsmith.getIdentitySegments(identifier, traits ?? {});
    return segments.map((segment) => segment.name).sort();
  }
  if (kind === "count") {
    const flags = await flagsmith.getEnvironmentFlags();
    for (let i = 0; i < times; i += 1) flags.isFeatureEnabled(feature);
    await flagsmith.analyticsProcessor.flush();
    return null;
  }
  throw new Error(`unknown question ${kind}`);
}

const answers = [];
for (const { key, local, analytics, questions } of clients) {
  const flagsmith = new Flagsmith({
    environmentKey: key,
    apiUrl,
    enableLocalEvaluation: local ?? false,
    enableAnalytics: analytics ?? false,
  });
  const told = [];
  for (const question of questions) told.push(await answer(flagsmith, question));
  await flagsmith.close();
  answers.push(told);
}
process.stdout.write(JSON.stringify(answers));
