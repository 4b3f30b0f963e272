import { TemplateError } from './cloudformation.ts';
import type { FunctionDefinition, FunctionDirectory } from './functions.ts';
import type { GatewayResponse } from './gateway-responses.ts';
import { readGatewayResponses } from './gateway-responses.ts';
import type { Resolver } from './intrinsics.ts';

/** A method of a REST API and the function behind it. */
export interface ApiRoute {
  /** Path with its parameters, as `/v1/stock/{sku}` or `/{proxy+}`. */
  readonly resource: string;
  readonly resourceId: string;
  /** A verb, or `ANY`. */
  readonly method: string;
  readonly target: FunctionDefinition;
}

/** A REST API with Lambda proxy integrations. */
export interface ApiDefinition {
  readonly apiId: string;
  readonly stageName: string;
  readonly binaryMediaTypes: readonly string[];
  readonly routes: readonly ApiRoute[];
  /** The gateway's own answers, by response type. */
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
}

interface Method {
  readonly HttpMethod: string;
  readonly ResourceId: string;
  readonly AuthorizationType?: string;
  readonly ApiKeyRequired?: boolean;
  readonly RequestValidatorId?: string;
  readonly Integration?: { readonly Type?: string; readonly Uri?: string };
}

const METHOD_PROPERTIES = [
  'ApiKeyRequired',
  'AuthorizationType',
  'HttpMethod',
  'Integration',
  'RequestValidatorId',
  'ResourceId',
] as const satisfies readonly (keyof Method)[];

function idsOfType(resolver: Resolver, type: string): string[] {
  return Object.entries(resolver.stack.template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId]) => logicalId);
}

/** Full path of every resource, by the id that methods refer to. */
function readPaths(resolver: Resolver, apiId: string): Map<string, string> {
  const root = String(resolver.resolve({ 'Fn::GetAtt': [apiId, 'RootResourceId'] }, apiId));
  const parts = new Map<string, { parent: string; part: string }>();
  for (const id of idsOfType(resolver, 'AWS::ApiGateway::Resource')) {
    const parent = String(resolver.property(id, 'ParentId'));
    parts.set(id, { parent, part: String(resolver.property(id, 'PathPart')) });
  }
  const pathOf = (id: string): string => {
    if (id === root) return '';
    const found = parts.get(id);
    if (found === undefined)
      throw new TemplateError(resolver.pathOf(id, 'ParentId'), 'its parent is unknown.');
    return `${pathOf(found.parent)}/${found.part}`;
  };
  const paths = [...parts.keys()].map((id) => [id, pathOf(id)] as const);
  return new Map([[root, '/'], ...paths]);
}

/** What the gateway would do besides calling the function, the embedded stack must not leave out. */
function checkMethod(method: Method, path: string): void {
  if ((method.AuthorizationType ?? 'NONE') !== 'NONE') {
    throw new TemplateError(`${path}.AuthorizationType`, 'authorizers do not run locally.');
  }
  if (method.ApiKeyRequired === true) {
    throw new TemplateError(`${path}.ApiKeyRequired`, "the gateway's keys do not exist locally.");
  }
  if (method.RequestValidatorId !== undefined) {
    throw new TemplateError(`${path}.RequestValidatorId`, 'request validators do not run locally.');
  }
  if (method.Integration?.Type !== 'AWS_PROXY') {
    throw new TemplateError(`${path}.Integration.Type`, 'only AWS_PROXY runs locally.');
  }
}

function readRoutes(resolver: Resolver, apiId: string, functions: FunctionDirectory): ApiRoute[] {
  const paths = readPaths(resolver, apiId);
  return idsOfType(resolver, 'AWS::ApiGateway::Method').map((id) => {
    const path = resolver.pathOf(id, 'Properties');
    const method = resolver.properties(id, METHOD_PROPERTIES) as unknown as Method;
    checkMethod(method, path);
    const resource = paths.get(method.ResourceId);
    if (resource === undefined) throw new TemplateError(`${path}.ResourceId`, 'there is no such resource.');
    // `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations`
    const arn = /\/functions\/(.+)\/invocations$/.exec(method.Integration?.Uri ?? '')?.[1];
    if (arn === undefined) throw new TemplateError(`${path}.Integration.Uri`, 'does not name a function.');
    const target = functions.byArn(arn, `${path}.Integration.Uri`);
    return { resource, resourceId: method.ResourceId, method: method.HttpMethod, target };
  });
}

/**
 * The REST API of a region: exactly one, because a region has one address locally.
 *
 * @throws TemplateError for none, for several, and for what the gateway would do that is not done locally.
 */
export function readRestApi(
  resolvers: readonly Resolver[],
  functions: FunctionDirectory,
): ApiDefinition | undefined {
  const apis = resolvers.flatMap((resolver) =>
    idsOfType(resolver, 'AWS::ApiGateway::RestApi').map((apiId) => ({ resolver, apiId })),
  );
  const [first, second] = apis;
  if (first === undefined) return undefined;
  const { resolver, apiId } = first;
  if (second !== undefined) {
    throw new TemplateError(
      second.resolver.pathOf(second.apiId, 'Type'),
      'a second API has no address locally.',
    );
  }
  const [stage] = idsOfType(resolver, 'AWS::ApiGateway::Stage');
  if (stage === undefined) throw new TemplateError(resolver.pathOf(apiId, 'Stage'), 'the API has no stage.');
  return {
    apiId,
    stageName: String(resolver.property(stage, 'StageName')),
    binaryMediaTypes: (resolver.property(apiId, 'BinaryMediaTypes') ?? []) as string[],
    routes: readRoutes(resolver, apiId, functions),
    gatewayResponses: readGatewayResponses(resolver, idsOfType(resolver, 'AWS::ApiGateway::GatewayResponse')),
  };
}
