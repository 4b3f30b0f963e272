import { describe, expect, it } from 'vitest';
import { ACCOUNT_THROTTLE, TIERS } from '../../lib/config/tiers.ts';
import { BODY_BYTES_MAX } from '../../lib/contracts/limits.ts';
import { onlyResource, resourcesOf, synthesizeOne, written } from './synthesis.ts';

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: {
    readonly Block?: {
      readonly CustomResponse?: {
        readonly ResponseCode: number;
        readonly CustomResponseBodyKey: string;
        readonly ResponseHeaders: readonly { readonly Name: string; readonly Value: string }[];
      };
    };
  };
  readonly OverrideAction?: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: statements are of many shapes; the tests say what they expect.
  readonly Statement: any;
  readonly VisibilityConfig: {
    readonly CloudWatchMetricsEnabled: boolean;
    readonly SampledRequestsEnabled: boolean;
  };
}

interface Acl {
  readonly Scope: string;
  readonly DefaultAction: unknown;
  readonly Rules: readonly Rule[];
  readonly AssociationConfig: unknown;
  readonly CustomResponseBodies: Record<string, unknown>;
}

const stack = synthesizeOne('prod');
const { id, properties: acl } = onlyResource<Acl>(stack, 'AWS::WAFv2::WebACL');

function ruleNamed(name: string): Rule {
  const rule = acl.Rules.find(({ Name }) => Name === name);
  if (rule === undefined) throw new Error(`There is no rule ${name}.`);
  return rule;
}

describe('the firewall', () => {
  it('stands in front of the stage that is deployed, and lets through what no rule blocks', () => {
    const stage = onlyResource(stack, 'AWS::ApiGateway::Stage');
    const association = onlyResource<{ ResourceArn: unknown; WebACLArn: unknown }>(
      stack,
      'AWS::WAFv2::WebACLAssociation',
    ).properties;
    expect(written(association.ResourceArn)).toMatch(
      new RegExp(`^arn:aws:apigateway:us-east-1::/restapis/<\\w+>/stages/<${stage.id}>$`),
    );
    expect(written(association.WebACLArn)).toBe(`<${id}.Arn>`);
    expect([acl.Scope, acl.DefaultAction]).toEqual(['REGIONAL', { Allow: {} }]);
  });

  it('is there in every stage but the one of the embedded stack', () => {
    for (const name of ['dev', 'prod', 'anything']) {
      expect(resourcesOf(synthesizeOne(name), 'AWS::WAFv2::WebACL')).toHaveLength(1);
    }
    const local = synthesizeOne('local').resources.filter(({ type }) => type.startsWith('AWS::WAFv2'));
    expect(local).toEqual([]);
  });

  it('looks at a whole body, as long as one may be, and blocks longer ones with 413', () => {
    expect(acl.AssociationConfig).toEqual({
      RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' } },
    });
    expect(BODY_BYTES_MAX).toBe(64 * 1024);
    const { Statement, Action, Priority } = ruleNamed('BodyTooLarge');
    expect(Statement.SizeConstraintStatement).toMatchObject({
      FieldToMatch: { Body: { OversizeHandling: 'MATCH' } },
      ComparisonOperator: 'GT',
      Size: BODY_BYTES_MAX,
    });
    const answer = Action?.Block?.CustomResponse;
    expect(answer).toMatchObject({ ResponseCode: 413, CustomResponseBodyKey: 'payload-too-large' });
    // Others see the first 64 KiB of such a body, and might answer something else of it.
    expect(Priority).toBe(0);
  });

  it.each([
    ['AddressRate', 'IP', (ACCOUNT_THROTTLE.requestsPerSecond / 4) * 60],
    ['KeyRate', 'CUSTOM_KEYS', TIERS.premium.requestsPerSecond * 2 * 60],
  ])('blocks floods with 429, and says when to try again: %s', (name, AggregateKeyType, Limit) => {
    const { Statement, Action } = ruleNamed(name);
    expect(Statement.RateBasedStatement).toMatchObject({ AggregateKeyType, Limit, EvaluationWindowSec: 60 });
    const answer = Action?.Block?.CustomResponse;
    expect(answer).toMatchObject({ ResponseCode: 429, CustomResponseBodyKey: 'rate-limited' });
    expect(answer?.ResponseHeaders).toContainEqual({ Name: 'Retry-After', Value: '60' });
  });

  it('never blocks what the tenants of a tier may send', () => {
    const minute = Math.max(
      ...Object.values(TIERS).map(({ requestsPerSecond, burst }) => requestsPerSecond * 60 + burst),
    );
    for (const name of ['AddressRate', 'KeyRate']) {
      expect(ruleNamed(name).Statement.RateBasedStatement.Limit).toBeGreaterThan(minute);
    }
  });

  it('counts for a key however its header is spelt', () => {
    const [{ Header }] = ruleNamed('KeyRate').Statement.RateBasedStatement.CustomKeys;
    expect(Header.Name).toBe('authorization');
    const transformations: { Type: string }[] = Header.TextTransformations;
    expect(transformations.map(({ Type }) => Type)).toEqual(['COMPRESS_WHITE_SPACE', 'LOWERCASE']);
  });

  it('has the rule groups of AWS, in their newest version, with what would refuse good requests only counting', () => {
    const groups = acl.Rules.filter(({ Statement }) => Statement.ManagedRuleGroupStatement);
    const shapes = groups.map(({ Statement: { ManagedRuleGroupStatement: group }, OverrideAction }) => {
      expect([group.VendorName, group.Version, OverrideAction]).toEqual(['AWS', undefined, { None: {} }]);
      const overrides: { Name: string; ActionToUse: unknown }[] = group.RuleActionOverrides ?? [];
      for (const { ActionToUse } of overrides) expect(ActionToUse).toEqual({ Count: {} });
      return [group.Name, overrides.map(({ Name }) => Name).toSorted()];
    });
    expect(shapes).toEqual([
      ['AWSManagedRulesAmazonIpReputationList', []],
      ['AWSManagedRulesKnownBadInputsRuleSet', []],
      [
        'AWSManagedRulesCommonRuleSet',
        [
          'CrossSiteScripting_BODY',
          'GenericLFI_BODY',
          'GenericRFI_BODY',
          'NoUserAgent_HEADER',
          'RestrictedExtensions_URIPATH',
          'SizeRestrictions_BODY',
        ],
      ],
    ]);
  });

  it('measures each rule, and keeps no samples of requests: they have their keys in them', () => {
    for (const { VisibilityConfig } of acl.Rules) {
      expect(VisibilityConfig).toMatchObject({
        CloudWatchMetricsEnabled: true,
        SampledRequestsEnabled: false,
      });
    }
    expect(acl.Rules.map(({ Priority }) => Priority)).toEqual(acl.Rules.map((_rule, index) => index));
  });

  it('logs what it blocked, without the key, for as long as other logs are kept', () => {
    const { properties } = onlyResource<{
      LogDestinationConfigs: readonly unknown[];
      RedactedFields: readonly unknown[];
      LoggingFilter: unknown;
      ResourceArn: unknown;
    }>(stack, 'AWS::WAFv2::LoggingConfiguration');
    expect(written(properties.ResourceArn)).toBe(`<${id}.Arn>`);
    expect(properties.RedactedFields).toEqual([
      { SingleHeader: { Name: 'authorization' } },
      { QueryString: {} },
    ]);
    expect(properties.LoggingFilter).toEqual({
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: [{ ActionCondition: { Action: 'BLOCK' } }],
        },
      ],
    });
    const name = 'aws-waf-logs-holdfast-prod';
    expect(properties.LogDestinationConfigs.map(written)).toEqual([
      `arn:aws:logs:us-east-1:<AWS::AccountId>:log-group:${name}`,
    ]);
    const groups = resourcesOf<{ LogGroupName?: string; RetentionInDays: number }>(
      stack,
      'AWS::Logs::LogGroup',
    );
    const group = groups.find(({ properties: { LogGroupName } }) => LogGroupName === name);
    expect(group?.properties.RetentionInDays).toBe(90);
  });
});
