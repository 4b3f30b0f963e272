import type { AuthorizerDefinition } from './authorizers.ts';
import { functionBehind, readAuthorizers } from './authorizers.ts';
import { LOCAL_ACCOUNT, TemplateError } from './cloudformation.ts';
import type { FunctionDefinition, FunctionDirectory } from './functions.ts';
import type { GatewayResponse } from './gateway-responses.ts';
import { readGatewayResponses } from './gateway-responses.ts';
import type { Resolver } from './intrinsics.ts';
import type { GatewayKey } from './usage-plans.ts';
import { readGatewayKeys } from './usage-plans.ts';

/** A method of a REST API and the function behind it. */
export interface ApiRoute {
  /** Path with its parameters, as `/v1/stock/{sku}` or `/{proxy+}`. */
  readonly resource: string;
  readonly resourceId: string;
  /** A verb, or `ANY`. */
  readonly method: string;
  readonly target: FunctionDefinition;
  /** Who is asked before the function is; `undefined`: nobody. */
  readonly authorizer: AuthorizerDefinition | undefined;
  /** Whether a request must have a key of a usage plan. */
  readonly needsKey: boolean;
}

/** A REST API with Lambda proxy integrations. */
export interface ApiDefinition {
  readonly apiId: string;
  readonly stageName: string;
  /** ARN of the stage: that of a method begins with it. */
  readonly stageArn: string;
  readonly binaryMediaTypes: readonly string[];
  readonly routes: readonly ApiRoute[];
  /** The gateway's own answers, by response type. */
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  /** Keys that the usage plans of the stage have, by their values. */
  readonly keys: ReadonlyMap<string, GatewayKey>;
}

interface Method {
  readonly HttpMethod: string;
  readonly ResourceId: string;
  readonly AuthorizationScopes?: readonly string[];
  readonly AuthorizationType?: string;
  readonly AuthorizerId?: string;
  readonly ApiKeyRequired?: boolean;
  readonly RequestValidatorId?: string;
  readonly Integration?: { readonly Type?: string; readonly Uri?: string };
}

const METHOD_PROPERTIES = [
  'ApiKeyRequired',
  'AuthorizationScopes',
  'AuthorizationType',
  'AuthorizerId',
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

/** What the gateway would do besides calling the functions, the embedded stack must not leave out. */
function checkMethod(method: Method, path: string): void {
  if (!['NONE', 'CUSTOM'].includes(method.AuthorizationType ?? 'NONE')) {
    throw new TemplateError(`${path}.AuthorizationType`, 'only authorizers with a function run locally.');
  }
  if (method.AuthorizationScopes !== undefined) {
    throw new TemplateError(`${path}.AuthorizationScopes`, 'scopes are not known locally.');
  }
  if (method.RequestValidatorId !== undefined) {
    throw new TemplateError(`${path}.RequestValidatorId`, 'request validators do not run locally.');
  }
  if (method.Integration?.Type !== 'AWS_PROXY') {
    throw new TemplateError(`${path}.Integration.Type`, 'only AWS_PROXY runs locally.');
  }
}

function authorizerOf(
  { AuthorizationType, AuthorizerId = '' }: Method,
  authorizers: ReadonlyMap<string, AuthorizerDefinition>,
  path: string,
): AuthorizerDefinition | undefined {
  if (AuthorizationType !== 'CUSTOM') return undefined;
  const authorizer = authorizers.get(AuthorizerId);
  if (authorizer !== undefined) return authorizer;
  throw new TemplateError(`${path}.AuthorizerId`, 'there is no such authorizer.');
}

function readRoutes(resolver: Resolver, apiId: string, functions: FunctionDirectory): ApiRoute[] {
  const paths = readPaths(resolver, apiId);
  const authorizers = readAuthorizers(resolver, functions);
  return idsOfType(resolver, 'AWS::ApiGateway::Method').map((id) => {
    const path = resolver.pathOf(id, 'Properties');
    const method = resolver.properties(id, METHOD_PROPERTIES) as unknown as Method;
    checkMethod(method, path);
    const resource = paths.get(method.ResourceId);
    if (resource === undefined) throw new TemplateError(`${path}.ResourceId`, 'there is no such resource.');
    return {
      resource,
      resourceId: method.ResourceId,
      method: method.HttpMethod,
      target: functionBehind(method.Integration?.Uri, `${path}.Integration.Uri`, functions),
      authorizer: authorizerOf(method, authorizers, path),
      needsKey: method.ApiKeyRequired === true,
    };
  });
}

/** Callers cannot send a key of the gateway here: an authorizer names it, or nobody does. */
function checkKeySource(resolver: Resolver, apiId: string, routes: readonly ApiRoute[]): void {
  const path = resolver.pathOf(apiId, 'ApiKeySourceType');
  const source = resolver.property(apiId, 'ApiKeySourceType');
  for (const { needsKey, authorizer } of routes) {
    if (needsKey && (source !== 'AUTHORIZER' || authorizer === undefined)) {
      throw new TemplateError(path, 'a key that no authorizer names is not known locally.');
    }
  }
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
  const stageName = String(resolver.property(stage, 'StageName'));
  const routes = readRoutes(resolver, apiId, functions);
  checkKeySource(resolver, apiId, routes);
  return {
    apiId,
    stageName,
    stageArn: `arn:aws:execute-api:${resolver.stack.region}:${LOCAL_ACCOUNT}:${apiId}/${stageName}`,
    binaryMediaTypes: (resolver.property(apiId, 'BinaryMediaTypes') ?? []) as string[],
    routes,
    gatewayResponses: readGatewayResponses(resolver, idsOfType(resolver, 'AWS::ApiGateway::GatewayResponse')),
    keys: readGatewayKeys(resolver, { apiId, stageName }),
  };
}
