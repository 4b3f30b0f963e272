import { describe, expect, it } from 'vitest';
import { TAKES_TRAFFIC } from '../../lib/config/gateway.ts';
import { onlyResource, resourcesOf, synthesize, synthesizeAll, written } from './synthesis.ts';

const ZONE = 'Z0123456789ABCDEFGHIJ';
const context = { stage: 'prod', regions: 'eu-west-1,us-west-2', domain: `${ZONE}/api.example.com` };

interface RecordProperties {
  readonly Name: string;
  readonly Type: string;
  readonly Region?: string;
  readonly SetIdentifier?: string;
  readonly HealthCheckId?: unknown;
  readonly HostedZoneId: string;
  readonly AliasTarget: { readonly EvaluateTargetHealth?: boolean };
}

interface CheckProperties {
  readonly HealthCheckConfig: Readonly<Record<string, unknown>>;
}

describe.each(synthesize(context))('with -c domain=…, $region', (stack) => {
  it('answers under the name, without a path of the gateway before /v1', () => {
    const mapping = onlyResource<Record<string, unknown>>(stack, 'AWS::ApiGateway::BasePathMapping');
    expect(mapping.properties).not.toHaveProperty('BasePath');
    expect(onlyResource(stack, 'AWS::ApiGateway::DomainName').properties).toMatchObject({
      DomainName: 'api.example.com',
      SecurityPolicy: 'TLS_1_2',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
    expect(onlyResource(stack, 'AWS::CertificateManager::Certificate').properties).toMatchObject({
      DomainName: 'api.example.com',
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: 'api.example.com', HostedZoneId: ZONE }],
    });
  });

  it('gets the callers that are nearest, while its own health check passes', () => {
    const { properties: record } = onlyResource<RecordProperties>(stack, 'AWS::Route53::RecordSet');
    expect(record).toMatchObject({
      HostedZoneId: ZONE,
      Name: 'api.example.com',
      Type: 'A',
      Region: stack.region,
      SetIdentifier: stack.region,
      AliasTarget: { EvaluateTargetHealth: true },
    });
    const check = onlyResource<CheckProperties>(stack, 'AWS::Route53::HealthCheck');
    expect(written(record.HealthCheckId)).toBe(`<${check.id}.HealthCheckId>`);
    const { HealthCheckConfig: config } = check.properties;
    expect(config).toMatchObject({
      Type: 'HTTPS_STR_MATCH',
      ResourcePath: '/live/v1/health',
      SearchString: TAKES_TRAFFIC,
    });
    expect(written(config['FullyQualifiedDomainName'])).toMatch(
      new RegExp(`^<\\w+>\\.execute-api\\.${stack.region}\\.`),
    );
  });
});

describe('with -c cdn=on', () => {
  const stacks = synthesizeAll({ ...context, cdn: 'on' });
  const edge = stacks.find(({ id }) => id === 'edge');
  if (edge === undefined) throw new Error('There is no stack of CloudFront.');

  interface Behavior {
    readonly AllowedMethods: readonly string[];
    readonly CachePolicyId: unknown;
    readonly PathPattern?: string;
  }
  interface DistributionProperties {
    readonly DistributionConfig: {
      readonly Aliases: readonly string[];
      readonly CacheBehaviors: readonly Behavior[];
      readonly CustomErrorResponses: readonly { ErrorCode: number; ErrorCachingMinTTL: number }[];
      readonly DefaultCacheBehavior: Behavior;
      readonly Origins: readonly { DomainName: string }[];
    };
  }
  const { DistributionConfig: config } = onlyResource<DistributionProperties>(
    edge,
    'AWS::CloudFront::Distribution',
  ).properties;

  it('the name is that of CloudFront, where its certificates must be, and the regions share another one', () => {
    expect(edge.region).toBe('us-east-1');
    expect(edge.dependsOn.toSorted()).toEqual(['eu-west-1', 'us-west-2']);
    expect(config.Aliases).toEqual(['api.example.com']);
    expect(config.Origins.map(({ DomainName }) => DomainName)).toContain('origin.api.example.com');
    const records = resourcesOf<RecordProperties>(edge, 'AWS::Route53::RecordSet');
    expect(records.map(({ properties: { Name, Type } }) => `${Type} ${Name}`).toSorted()).toEqual([
      'A api.example.com',
      'AAAA api.example.com',
    ]);
    const regional = stacks.filter(({ id, region }) => id === region);
    for (const stack of regional) {
      const { properties } = onlyResource<RecordProperties>(stack, 'AWS::Route53::RecordSet');
      expect(properties.Name).toBe('origin.api.example.com');
    }
  });

  it('keeps public documents for five minutes at most, and nothing that depends on a key', () => {
    /** The managed policy that keeps nothing, by AWS's list. */
    const disabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
    expect(config.DefaultCacheBehavior.CachePolicyId).toBe(disabled);
    expect(config.DefaultCacheBehavior.AllowedMethods).toContain('POST');
    expect(config.CacheBehaviors.map(({ PathPattern }) => PathPattern).toSorted()).toEqual([
      '/v1/docs',
      '/v1/openapi.json',
    ]);
    const policy = onlyResource<{ CachePolicyConfig: object }>(edge, 'AWS::CloudFront::CachePolicy');
    expect(policy.properties.CachePolicyConfig).toMatchObject({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 300 });
  });

  it('keeps no error of one caller for another', () => {
    const codes = config.CustomErrorResponses.filter((kept) => kept.ErrorCachingMinTTL === 0);
    expect(codes.map(({ ErrorCode }) => ErrorCode)).toEqual(
      expect.arrayContaining([400, 403, 404, 405, 500, 502, 503, 504]),
    );
  });
});

describe('without a domain', () => {
  it('there are no names, and no CloudFront', () => {
    const { domain: _, ...plain } = context;
    const types = synthesizeAll(plain).flatMap(({ resources }) => resources.map(({ type }) => type));
    expect(types.filter((type) => /Route53|CloudFront|DomainName|Certificate/.test(type))).toEqual([]);
  });
});
