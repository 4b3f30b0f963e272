/** Names of dashboards, by which people find them. */

/** @param region absent: the one of all regions together. */
export const dashboardName = (stage: string, region?: string): string =>
  region === undefined ? `holdfast-${stage}` : `holdfast-${stage}-${region}`;
