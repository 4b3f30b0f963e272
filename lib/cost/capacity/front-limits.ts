/** Limits before and in the functions that answer. */
import { ACCOUNT_THROTTLE, PLAN_THROTTLES, TIERS } from '../../config/tiers.ts';
import { SHARED_ENVIRONMENTS, sharedEnvironments } from './environments.ts';
import { type Limit, SOURCES } from './limit.ts';

const PREMIUM_PLAN = PLAN_THROTTLES.premium?.requestsPerSecond ?? ACCOUNT_THROTTLE.requestsPerSecond;

export const FRONT_LIMITS: readonly Limit[] = [
  {
    name: 'Gateway',
    unit: 'requests',
    kind: 'quota',
    source: SOURCES.gateway,
    most: () => ACCOUNT_THROTTLE.requestsPerSecond,
    used: ({ requests }) => requests,
    seen: '429 `rate_limited` for some of all tenants, the small ones too',
    remedy:
      'raise "Throttle rate" and its burst, then `ACCOUNT_THROTTLE` and `PLAN_THROTTLES` in `lib/config/tiers.ts`',
  },
  {
    name: 'Share of a tier, if all are premium',
    unit: 'requests',
    kind: 'ours',
    source: 'lib/config/tiers.ts',
    most: () => PREMIUM_PLAN,
    used: ({ requests }) => requests,
    seen: '429 `rate_limited` for some of all tenants of that tier',
    remedy: 'raise the quota of the gateway first, then `PLAN_THROTTLES`',
  },
  {
    name: 'Rate of the busiest tenant, if premium',
    unit: 'requests',
    kind: 'ours',
    source: 'lib/config/tiers.ts',
    most: () => TIERS.premium.requestsPerSecond,
    used: ({ tenant }) => tenant.requests,
    seen: '429 `rate_limited` with `Retry-After`, for that tenant alone',
    remedy: 'raise `TIERS`, or make it `unlimited`, after the quotas that it would use',
  },
  {
    name: 'Function environments',
    unit: 'at once',
    kind: 'quota',
    source: SOURCES.functions,
    most: () => SHARED_ENVIRONMENTS,
    used: (load, { workload }) => sharedEnvironments(load, workload),
    seen: '5xx for some of all requests, in all stages of the account; events become late, expiry does not',
    remedy: 'raise "Concurrent executions" in each region',
  },
];
