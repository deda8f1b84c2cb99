import type { FeatureLink, LinkKind } from '@/data/feature-links'

export const KIND_WORDS: Readonly<Record<LinkKind, string>> = {
  GITHUB_ISSUE: 'Issue',
  GITLAB_ISSUE: 'Issue',
  GITHUB_PR: 'Pull request',
  GITLAB_MR: 'Merge request',
  LINK: 'Document',
}

/** By their path, since many a GitHub and GitLab has a host of its own. */
const ON_GITHUB = /^\/([^/]+\/[^/]+)\/(?:issues|pull)\/(\d+)(?:\/|$)/
const ON_GITLAB = /^\/(.+)\/-\/(issues|merge_requests)\/(\d+)(?:\/|$)/

/** What people call it: `org/repo#12`, on GitLab `group/project!12` for a merge request, elsewhere host and path. */
export function shortFormOf(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  const [, repository, number] = ON_GITHUB.exec(parsed.pathname) ?? []
  if (repository) return `${repository}#${number}`
  const [, project, what, place] = ON_GITLAB.exec(parsed.pathname) ?? []
  if (project) return `${project}${what === 'issues' ? '#' : '!'}${place}`
  return `${parsed.host.replace(/^www\./, '')}${parsed.pathname.replace(/\/$/, '')}`
}

/** Where a click may lead; nothing for an address that would run here or open a program. */
export function hrefOf(url: string): string | undefined {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined
}

/** The address as people type or paste it, `https` unless they say. */
export function addressFrom(typed: string): string {
  const text = typed.trim()
  return /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`
}

export function titleOf({ metadata }: Pick<FeatureLink, 'metadata'>): string {
  const title = metadata?.['title']
  return typeof title === 'string' ? title.trim() : ''
}

/** The metadata with that title; the rest of it belongs to whoever wrote it. */
export function withTitle(metadata: FeatureLink['metadata'], title: string): FeatureLink['metadata'] {
  const noted = Object.entries(metadata ?? {}).filter(([key]) => key !== 'title')
  if (title.trim()) noted.push(['title', title.trim()])
  return noted.length > 0 ? Object.fromEntries(noted) : null
}
