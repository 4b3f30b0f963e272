// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the syntax of Fn::Sub.
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../lib/local/template/cloudformation.ts';
import { readRegion } from '../../lib/local/template/region-model.ts';

const REGION = 'eu-west-1';
const URI = {
  'Fn::Sub': 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations',
};

/** `ANY /` behind an authorizer and a usage plan. */
const RESOURCES: Record<string, Resource> = {
  Fn: {
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: 'fn', Code: { S3Key: 'abc.zip' }, Handler: 'i.h', Runtime: 'nodejs24.x' },
  },
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { ApiKeySourceType: 'AUTHORIZER' } },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'live' } },
  Asks: {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: {
      Type: 'TOKEN',
      RestApiId: { Ref: 'Api' },
      AuthorizerUri: URI,
      IdentitySource: 'method.request.header.Authorization',
      IdentityValidationExpression: 'Bearer .+',
      AuthorizerResultTtlInSeconds: 15,
    },
  },
  Method: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      HttpMethod: 'ANY',
      ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: 'Asks' },
      ApiKeyRequired: true,
      Integration: { Type: 'AWS_PROXY', Uri: URI },
    },
  },
  Key: { Type: 'AWS::ApiGateway::ApiKey', Properties: { Enabled: true, Value: 'the-key-of-the-plan' } },
  Plan: {
    Type: 'AWS::ApiGateway::UsagePlan',
    Properties: {
      ApiStages: [{ ApiId: { Ref: 'Api' }, Stage: { Ref: 'Stage' }, Throttle: {} }],
      Throttle: { RateLimit: 5, BurstLimit: 2 },
    },
  },
  KeyOfPlan: {
    Type: 'AWS::ApiGateway::UsagePlanKey',
    Properties: { KeyId: { Ref: 'Key' }, KeyType: 'API_KEY', UsagePlanId: { Ref: 'Plan' } },
  },
};

/** The API of the template with some properties of one resource changed. */
function readWith(id: string, properties: object) {
  const changed = { ...RESOURCES[id], Properties: { ...RESOURCES[id]?.Properties, ...properties } };
  const template = { Resources: { ...RESOURCES, [id]: changed as Resource } };
  const assets = new Map([['abc.zip', '/assets/abc']]);
  return readRegion([{ stackName: 'Shop', region: REGION, template, assets }], REGION).api;
}

describe('a template with a front door', () => {
  it('says who is asked, and for which plan a request counts', () => {
    const { routes, keys } = readWith('Api', {});
    expect(routes).toMatchObject([
      { needsKey: true, authorizer: { id: 'Asks', header: 'authorization', ttlSeconds: 15 } },
    ]);
    expect(routes[0]?.authorizer?.target.name).toBe('fn');
    // The whole header must fit, whether the expression says so or not.
    expect(routes[0]?.authorizer?.validation?.test('not Bearer x')).toBe(false);
    const throttle = { requestsPerSecond: 5, burst: 2 };
    expect([...keys]).toEqual([
      ['the-key-of-the-plan', { id: 'Key', value: 'the-key-of-the-plan', throttle }],
    ]);
  });

  it('remembers answers for as long as the gateway does when it says nothing', () => {
    const { routes } = readWith('Asks', { AuthorizerResultTtlInSeconds: undefined });
    expect(routes[0]?.authorizer?.ttlSeconds).toBe(300);
  });

  it.each([
    ['Key', { Enabled: false }],
    ['Plan', { ApiStages: [{ ApiId: 'Other', Stage: 'live' }] }],
    ['Plan', { ApiStages: [{ ApiId: 'Api', Stage: 'other' }] }],
    ['KeyOfPlan', { UsagePlanId: 'Other' }],
  ])('has no key for the stage with %s %j', (id, properties) => {
    expect([...readWith(id, properties).keys]).toEqual([]);
  });

  it.each([
    ['Asks', { Type: 'REQUEST' }, 'Shop/Asks.Properties.Type: only TOKEN authorizers'],
    ['Asks', { IdentitySource: 'method.request.querystring.key' }, 'only one header is known'],
    ['Asks', { AuthorizerUri: 'arn:elsewhere' }, 'does not name a function'],
    ['Asks', { AuthorizerCredentials: 'arn:role' }, 'AuthorizerCredentials: is not known locally'],
    ['Method', { AuthorizationType: 'COGNITO_USER_POOLS' }, 'only authorizers with a function'],
    ['Method', { AuthorizerId: 'Nobody' }, 'there is no such authorizer'],
    ['Method', { AuthorizationType: 'NONE' }, 'a key that no authorizer names'],
    ['Api', { ApiKeySourceType: 'HEADER' }, 'a key that no authorizer names'],
    ['Key', { Value: undefined }, 'a key without a value of its own'],
    ['Key', { GenerateDistinctId: true }, 'GenerateDistinctId: is not known locally'],
    ['Plan', { Quota: { Limit: 1, Period: 'DAY' } }, 'Quota: is not known locally'],
    ['Plan', { Throttle: { RateLimit: 5 } }, 'rate and burst are known together only'],
    [
      'Plan',
      { ApiStages: [{ ApiId: 'Api', Stage: 'live', Throttle: { '/GET': {} } }] },
      'Throttle./GET: is not known locally',
    ],
  ])('with %s %j is refused', (id, properties, message) => {
    expect(() => readWith(id, properties)).toThrow(message);
  });
});
