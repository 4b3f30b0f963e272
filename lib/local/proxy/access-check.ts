import { type PartitionKeys, requestsOf } from '../iam/database-request.ts';
import { AccessError, type Principals } from '../iam/principals.ts';
import type { DatabaseAnswer, DatabaseCall } from '../meter/wire.ts';

const NAMESPACE = 'com.amazon.coral.service#';

/** The database that is called. */
interface CalledTable {
  readonly region: string;
  readonly keys: PartitionKeys;
}

/**
 * What DynamoDB answers to somebody who may not do what a call asks for; `undefined` for who may.
 *
 * @param accessKeyId the key that has signed the call.
 */
export function accessRefusal(
  principals: Principals,
  accessKeyId: string,
  { call, target }: { readonly call: DatabaseCall; readonly target: CalledTable },
): DatabaseAnswer | undefined {
  try {
    principals.check(accessKeyId, requestsOf(call, target));
    return undefined;
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    const body = { __type: `${NAMESPACE}${error.name}Exception`, Message: error.message };
    return { status: 400, body: Buffer.from(JSON.stringify(body)) };
  }
}
