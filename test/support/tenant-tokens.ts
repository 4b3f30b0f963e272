/** STS for tests that run handlers: the one role it knows may be assumed by whoever signs as this machine does. */
import { StackClock } from '../../lib/local/clock.ts';
import { parseStatement } from '../../lib/local/iam/policy.ts';
import { Principals } from '../../lib/local/iam/principals.ts';
import { TokenService } from '../../lib/local/iam/token-service.ts';
import { Faults } from '../../lib/local/proxy/faults.ts';

const ROLE = 'arn:aws:iam::000000000000:role/tenants';

/** @param faults of calls that shall fail. @default none */
export async function startTokens(faults = new Faults()) {
  const statements = [parseStatement({ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' })];
  const roles = new Map([[ROLE, { arn: ROLE, trusts: new Set(['root']), statements }]]);
  const principals = new Principals(roles, new StackClock());
  const tokens = new TokenService(principals, faults);
  await tokens.open();
  return { tokens, principals, roleArn: ROLE };
}
