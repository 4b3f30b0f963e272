/** Names of the gateway of a region, the same in every region: by them its metrics are found. */

/** The gateway's stage. An API has one: stages of the service are stacks of their own. */
export const GATEWAY_STAGE = 'live';

export const apiName = (stage: string): string => `holdfast-${stage}`;

/**
 * What the answer of `GET /v1/health` holds as long as its region is to get traffic, and never otherwise: the health
 * checks of Route 53 look for it. The status of the answer is 200 in any case.
 */
export const TAKES_TRAFFIC = '"traffic":"ok"';
