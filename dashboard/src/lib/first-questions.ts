/** So many rows of a list are read first: as many as are in sight, and a few more. */
export const FIRST_ROWS = 30

const FEATURES = /^\/project\/(\d+)\/environment\/([^/]+)\/features$/

/** What the list of features asks for before it can be drawn, by its address; nothing for other pages. */
export function firstQuestions(path: string): string[] {
  const [, project = '', environment = ''] = FEATURES.exec(path) ?? []
  if (!project) return []
  return [
    `/api/v1/projects/${project}/flag-matrix/?page=1&page_size=${FIRST_ROWS}`,
    '/api/v1/auth/users/me/',
    `/api/v1/projects/${project}/`,
    `/api/v1/environments/?project=${project}`,
    `/api/v1/environments/${environment}/my-permissions/`,
  ]
}
