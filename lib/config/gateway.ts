/** Names of the gateway of a region, the same in every region: by them its metrics are found. */

/** The gateway's stage. An API has one: stages of the service are stacks of their own. */
export const GATEWAY_STAGE = 'live';

export const apiName = (stage: string): string => `holdfast-${stage}`;
