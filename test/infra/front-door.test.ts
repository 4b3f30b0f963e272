import { describe, expect, it } from 'vitest';
import { BEARER_HEADER, KEY_MEMORY } from '../../lib/config/authorizer.ts';
import { ENVIRONMENT } from '../../lib/config/environment.ts';
import { ROUTES } from '../../lib/config/routes.ts';
import { ACCOUNT_THROTTLE, PLAN_THROTTLES, type PlanTier, planKey, TIERS } from '../../lib/config/tiers.ts';
import { functionsOf, onlyResource, resourcesOf, synthesizeOne, written } from './synthesis.ts';

const stack = synthesizeOne();

interface MethodProperties {
  readonly HttpMethod: string;
  readonly ResourceId: unknown;
  readonly AuthorizationType: string;
  readonly AuthorizerId?: unknown;
  readonly ApiKeyRequired?: boolean;
}

interface AuthorizerProperties {
  readonly Type: string;
  readonly AuthorizerUri: unknown;
  readonly IdentitySource: string;
  readonly IdentityValidationExpression: string;
  readonly AuthorizerResultTtlInSeconds: number;
}

const authorizer = onlyResource<AuthorizerProperties>(stack, 'AWS::ApiGateway::Authorizer');

const parts = new Map(
  resourcesOf<{ ParentId: unknown; PathPart: string }>(stack, 'AWS::ApiGateway::Resource').map(
    ({ id, properties }) => [`<${id}>`, { parent: written(properties.ParentId), part: properties.PathPart }],
  ),
);

function pathOf(reference: string): string {
  const node = parts.get(reference);
  return node ? `${pathOf(node.parent)}/${node.part}` : '';
}

/** Methods by what stands in front of them. */
function guardOf({ AuthorizationType, AuthorizerId, ApiKeyRequired }: MethodProperties): string {
  const isOpen = AuthorizationType === 'NONE' && AuthorizerId === undefined && ApiKeyRequired !== true;
  if (isOpen) return 'open';
  const isGuarded =
    AuthorizationType === 'CUSTOM' &&
    written(AuthorizerId) === `<${authorizer.id}>` &&
    ApiKeyRequired === true;
  return isGuarded ? 'guarded' : 'half open';
}

const methods = resourcesOf<MethodProperties>(stack, 'AWS::ApiGateway::Method').map(({ properties }) => ({
  name: `${properties.HttpMethod} ${pathOf(written(properties.ResourceId))}`,
  isFallback: properties.HttpMethod === 'ANY',
  guard: guardOf(properties),
}));

describe('the authorizer', () => {
  it('stands in front of every route that is not public, each with a usage plan, and of no other', () => {
    const guarded = methods.filter(({ guard }) => guard === 'guarded').map(({ name }) => name);
    const expected = ROUTES.filter(({ access }) => access !== 'public');
    expect(guarded.toSorted()).toEqual(expected.map(({ method, path }) => `${method} ${path}`).toSorted());
  });

  it('does not stand in front of fallbacks and public routes: 404 and 405 come before 401', () => {
    const open = methods.filter(({ guard }) => guard === 'open').map(({ name }) => name);
    const fallbacks = methods.filter(({ isFallback }) => isFallback).map(({ name }) => name);
    const publicRoutes = ROUTES.filter(({ access }) => access === 'public');
    const expected = [...fallbacks, ...publicRoutes.map(({ method, path }) => `${method} ${path}`)];
    expect(open.toSorted()).toEqual(expected.toSorted());
    expect(publicRoutes.length).toBe(3);
  });

  it('is asked about the one header, when that looks like a key, and believed for as long as is said', () => {
    const { Type, IdentitySource, IdentityValidationExpression, ...rest } = authorizer.properties;
    expect([Type, IdentitySource]).toEqual(['TOKEN', 'method.request.header.Authorization']);
    expect(IdentityValidationExpression).toBe(BEARER_HEADER);
    expect(rest.AuthorizerResultTtlInSeconds).toBe(KEY_MEMORY.gatewaySeconds);
  });

  it('is the function of its name, which only this authorizer may call, and which knows its stage', () => {
    const target = functionsOf<{ Environment: { Variables: Record<string, unknown> } }>(stack).get(
      'authorizer',
    );
    expect(target?.properties.Environment.Variables[ENVIRONMENT.stage]).toBe('dev');
    expect(JSON.stringify(authorizer.properties.AuthorizerUri)).toContain(`"${target?.id}"`);
    const permissions = resourcesOf<{ FunctionName: unknown; SourceArn: unknown }>(
      stack,
      'AWS::Lambda::Permission',
    ).filter(({ properties }) => written(properties.FunctionName) === `<${target?.id}.Arn>`);
    expect(permissions.map(({ properties }) => written(properties.SourceArn))).toEqual([
      expect.stringMatching(
        new RegExp(`^arn:aws:execute-api:us-east-1:\\S+/authorizers/<${authorizer.id}>$`),
      ),
    ]);
  });

  it('alone tells which usage plan a request counts for', () => {
    const api = onlyResource<{ ApiKeySourceType: string }>(stack, 'AWS::ApiGateway::RestApi');
    expect(api.properties.ApiKeySourceType).toBe('AUTHORIZER');
  });
});

interface PlanProperties {
  readonly ApiStages: readonly { readonly ApiId: unknown; readonly Stage: unknown }[];
  readonly Throttle?: { readonly RateLimit: number; readonly BurstLimit: number };
  readonly Quota?: unknown;
}

const TIER_NAMES = Object.keys(PLAN_THROTTLES) as PlanTier[];

describe.each(TIER_NAMES)('the usage plan of tier %s', (tier) => {
  const keys = resourcesOf<{ Value: string; Enabled: boolean }>(stack, 'AWS::ApiGateway::ApiKey');
  const key = keys.find(({ properties }) => properties.Value === planKey('dev', tier));
  const pair = resourcesOf<{ KeyId: unknown; UsagePlanId: unknown }>(
    stack,
    'AWS::ApiGateway::UsagePlanKey',
  ).find(({ properties }) => written(properties.KeyId) === `<${key?.id}>`);
  const plan = resourcesOf<PlanProperties>(stack, 'AWS::ApiGateway::UsagePlan').find(
    ({ id }) => `<${id}>` === written(pair?.properties.UsagePlanId),
  );

  it('has the key that the authorizer names, and counts for the stage', () => {
    expect(keys).toHaveLength(TIER_NAMES.length);
    expect(key?.properties.Enabled).toBe(true);
    expect(key?.properties.Value.length).toBeGreaterThanOrEqual(20);
    const stage = onlyResource(stack, 'AWS::ApiGateway::Stage');
    expect(plan?.properties.ApiStages.map(({ Stage }) => written(Stage))).toEqual([`<${stage.id}>`]);
  });

  it('throttles as is said, and has no quota', () => {
    const throttle = PLAN_THROTTLES[tier];
    const expected = throttle && { RateLimit: throttle.requestsPerSecond, BurstLimit: throttle.burst };
    expect(plan?.properties.Throttle).toEqual(expected);
    expect(plan?.properties.Quota).toBeUndefined();
  });
});

describe('the shares of the tiers', () => {
  it('leave a part of the account for others, and are each more than one tenant may send', () => {
    const shares = Object.values(PLAN_THROTTLES).flatMap((throttle) => throttle ?? []);
    const sum = (of: 'requestsPerSecond' | 'burst') => shares.reduce((total, share) => total + share[of], 0);
    expect(sum('requestsPerSecond')).toBeLessThan(ACCOUNT_THROTTLE.requestsPerSecond);
    expect(sum('burst')).toBeLessThan(ACCOUNT_THROTTLE.burst);
    for (const [tier, limits] of Object.entries(TIERS)) {
      const share = PLAN_THROTTLES[tier as PlanTier];
      expect(share?.requestsPerSecond).toBeGreaterThanOrEqual(limits.requestsPerSecond);
      expect(share?.burst).toBeGreaterThanOrEqual(limits.burst);
    }
  });
});
