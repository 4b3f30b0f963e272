import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { ACCOUNT_THROTTLE, TIERS } from '../config/tiers.ts';
import type { EdgeProblem } from './edge-problem.ts';

/** A rule as it is written here: its place in the list is its priority. */
type Rule = Omit<CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>;

/** What the firewall hands over of a body to its rules, and what a body may have: the same, so that it sees all of it. */
export const INSPECTED_BODY = { size: 'KB_64', bytes: 65_536 } as const;

/** Over which time the rate rules count, and after which a caller may try again. */
const RATE_WINDOW_SECONDS = 60;

/**
 * For one key: twice what the functions let the busiest tenant do. What is over that limit is answered 429 by the
 * functions, but each answer costs an invocation; what is far over it is not worth that.
 */
const KEY_REQUESTS_MAX = 2 * TIERS.premium.requestsPerSecond * RATE_WINDOW_SECONDS;

/** For one address: a quarter of the account's quota. Shops call from servers, and many may share one address. */
const ADDRESS_REQUESTS_MAX = (ACCOUNT_THROTTLE.requestsPerSecond / 4) * RATE_WINDOW_SECONDS;

/** What the firewall answers in the words of the API, by the name of the answer. All else it blocks is the gateway's 403. */
export const FIREWALL_PROBLEMS = {
  'payload-too-large': {
    status: 413,
    code: 'payload_too_large',
    title: 'Payload too large',
    detail: `A body may have ${INSPECTED_BODY.bytes} bytes at most.`,
  },
  'rate-limited': {
    status: 429,
    code: 'rate_limited',
    title: 'Too many requests',
    detail: 'Far more requests come from this address, or with this key, than are served.',
    retryAfterSeconds: RATE_WINDOW_SECONDS,
  },
} as const satisfies Record<string, EdgeProblem>;

function blockWith(name: keyof typeof FIREWALL_PROBLEMS): CfnWebACL.RuleActionProperty {
  const { status, ...problem }: EdgeProblem = FIREWALL_PROBLEMS[name];
  const { retryAfterSeconds } = problem;
  const responseHeaders = [
    { name: 'Cache-Control', value: 'no-store' },
    ...(retryAfterSeconds === undefined ? [] : [{ name: 'Retry-After', value: String(retryAfterSeconds) }]),
  ];
  return {
    block: { customResponse: { responseCode: status, customResponseBodyKey: name, responseHeaders } },
  };
}

/** A rule group of AWS, without a version: AWS keeps it up to date. `counted`: rules of it that only count. */
const managed = (name: string, counted: readonly string[] = []): Rule => ({
  name,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
});

/**
 * Rules of the common group that refuse what the contract allows. They still count, so that the metrics show what they
 * would have refused. Answers of this API are JSON that no browser renders, so a text is never a script.
 */
const COUNTED_COMMON_RULES = [
  // 8 KB; a reservation of 50 lines with metadata may have more. The rule before these keeps our own limit.
  'SizeRestrictions_BODY',
  // Names, descriptions and attributes are free text: `<b>`, `../` and a URL with an address are good values.
  'CrossSiteScripting_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  // A sku may have dots: `/v1/products/BOLT.LOG` is no file.
  'RestrictedExtensions_URIPATH',
  // Shops call from programs, and HTTP clients of programs often send none.
  'NoUserAgent_HEADER',
];

/** The cheap rules first; the first that blocks is the answer. */
const RULES: readonly Rule[] = [
  {
    name: 'BodyTooLarge',
    action: blockWith('payload-too-large'),
    statement: {
      sizeConstraintStatement: {
        // A body that is longer than what is inspected matches, however long it is.
        fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
        comparisonOperator: 'GT',
        size: INSPECTED_BODY.bytes,
        textTransformations: [{ priority: 0, type: 'NONE' }],
      },
    },
  },
  managed('AWSManagedRulesAmazonIpReputationList'),
  {
    name: 'AddressRate',
    action: blockWith('rate-limited'),
    statement: {
      rateBasedStatement: {
        aggregateKeyType: 'IP',
        limit: ADDRESS_REQUESTS_MAX,
        evaluationWindowSec: RATE_WINDOW_SECONDS,
      },
    },
  },
  {
    name: 'KeyRate',
    action: blockWith('rate-limited'),
    statement: {
      rateBasedStatement: {
        aggregateKeyType: 'CUSTOM_KEYS',
        // The scheme has no case and any number of spaces after it, so that one key could be spelt in many ways.
        customKeys: [
          {
            header: {
              name: 'authorization',
              textTransformations: [
                { priority: 0, type: 'COMPRESS_WHITE_SPACE' },
                { priority: 1, type: 'LOWERCASE' },
              ],
            },
          },
        ],
        limit: KEY_REQUESTS_MAX,
        evaluationWindowSec: RATE_WINDOW_SECONDS,
      },
    },
  },
  managed('AWSManagedRulesKnownBadInputsRuleSet'),
  managed('AWSManagedRulesCommonRuleSet', COUNTED_COMMON_RULES),
];

/** The rules in their order, each with a metric of its own. */
export const firewallRules = (): CfnWebACL.RuleProperty[] =>
  RULES.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibilityOf(rule.name) }));

/** Metrics, and samples of the requests of the last three hours in the console: with their headers, so there are none. */
export const visibilityOf = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});
