import { LOCAL_ACCOUNT } from './cloudformation.ts';

/** AWS labels a stream with the time at which it was created; here it is the same at every start. */
export const STREAM_LABEL = '2020-01-01T00:00:00.000';

export function tableArn(region: string, name: string): string {
  return `arn:aws:dynamodb:${region}:${LOCAL_ACCOUNT}:table/${name}`;
}

export function streamArn(region: string, name: string): string {
  return `${tableArn(region, name)}/stream/${STREAM_LABEL}`;
}
