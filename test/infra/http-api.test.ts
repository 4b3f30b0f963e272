import { describe, expect, it } from 'vitest';
import { FALLBACK_FUNCTION, ROUTES } from '../../lib/config/routes.ts';
import { functionsOf, onlyResource, resourcesOf, synthesizeOne, written } from './synthesis.ts';

const stack = synthesizeOne();
const functionNames = new Map([...functionsOf(stack)].map(([name, { id }]) => [id, name]));

interface ResourceProperties {
  readonly ParentId: unknown;
  readonly PathPart: string;
}

const pathParts = new Map(
  resourcesOf<ResourceProperties>(stack, 'AWS::ApiGateway::Resource').map(({ id, properties }) => [
    `<${id}>`,
    { parent: written(properties.ParentId), part: properties.PathPart },
  ]),
);

function pathOf(reference: string): string {
  const node = pathParts.get(reference);
  return node ? `${pathOf(node.parent)}/${node.part}` : '';
}

interface MethodProperties {
  readonly HttpMethod: string;
  readonly ResourceId: unknown;
  readonly Integration: { readonly Type: string; readonly Uri: unknown };
}

const methods = resourcesOf<MethodProperties>(stack, 'AWS::ApiGateway::Method').map(({ properties }) => {
  const [, functionId = ''] =
    /functions\/<(\w+)\.Arn>\/invocations$/.exec(written(properties.Integration.Uri)) ?? [];
  return {
    verb: properties.HttpMethod,
    path: pathOf(written(properties.ResourceId)),
    target: functionNames.get(functionId),
    type: properties.Integration.Type,
  };
});

describe('the HTTP API', () => {
  it('has a method for every route, with its function, and no other', () => {
    const actual = methods.filter(({ verb }) => verb !== 'ANY').map((m) => `${m.verb} ${m.path} ${m.target}`);
    const expected = ROUTES.map((route) => `${route.method} ${route.path} ${route.function}`);
    expect(actual.toSorted()).toEqual(expected.toSorted());
  });

  it('sends whatever no route matches to the fallback function', () => {
    const fallbacks = methods.filter(({ verb }) => verb === 'ANY');
    const paths = ['', ...[...pathParts.keys()].map(pathOf)];
    expect(fallbacks.map(({ path }) => path).toSorted()).toEqual(paths.toSorted());
    expect(paths).toContain('/{proxy+}');
    expect(new Set(fallbacks.map(({ target }) => target))).toEqual(new Set([FALLBACK_FUNCTION]));
  });

  it('hands requests over whole, with their bodies as the bytes that were sent', () => {
    expect(new Set(methods.map(({ type }) => type))).toEqual(new Set(['AWS_PROXY']));
    const api = onlyResource<{ BinaryMediaTypes: string[] }>(stack, 'AWS::ApiGateway::RestApi');
    expect(api.properties.BinaryMediaTypes).toEqual(['*/*']);
    // Were it set, the gateway would unpack compressed bodies, which the API refuses.
    expect(api.properties).not.toHaveProperty('MinimumCompressionSize');
  });

  it('lets the deployed stage call each function, once, and nobody else', () => {
    interface PermissionProperties {
      readonly FunctionName: unknown;
      readonly Principal: string;
      readonly SourceArn: unknown;
    }
    const permissions = resourcesOf<PermissionProperties>(stack, 'AWS::Lambda::Permission')
      .map(({ properties }) => properties)
      .filter(({ Principal }) => Principal === 'apigateway.amazonaws.com')
      // The authorizer's is another one: `front-door.test.ts` looks at it.
      .filter(({ SourceArn }) => !written(SourceArn).includes('/authorizers/'));
    const permitted = permissions.map(({ FunctionName }) =>
      functionNames.get(written(FunctionName).slice(1, -5)),
    );
    expect(permitted.toSorted()).toEqual([...new Set(methods.map(({ target }) => target))].toSorted());
    const { StageName } = onlyResource<{ StageName: string }>(stack, 'AWS::ApiGateway::Stage').properties;
    for (const { SourceArn } of permissions) {
      expect(written(SourceArn)).toMatch(
        new RegExp(`^arn:aws:execute-api:us-east-1:<\\S+>:<\\w+>/${StageName}/`),
      );
    }
  });

  it('tells its address up to the version', () => {
    expect(written(stack.template.Outputs['ApiUrl']?.Value)).toMatch(/^https:\/\/.*\/v1$/);
  });
});
