import { TemplateError } from './cloudformation.ts';
import type { FunctionDefinition, FunctionDirectory } from './functions.ts';
import type { Resolver } from './intrinsics.ts';
import { checkKnown } from './known-properties.ts';

const AUTHORIZER = 'AWS::ApiGateway::Authorizer';

/** The gateway's default where a template says nothing. */
const DEFAULT_TTL_SECONDS = 300;

/** A function that the gateway asks whose a token is. */
export interface AuthorizerDefinition {
  readonly id: string;
  /** The header that carries the token, in lower case. */
  readonly header: string;
  /** What the whole header must look like; `undefined`: anything. */
  readonly validation: RegExp | undefined;
  /** How long an answer is remembered. 0: not at all. */
  readonly ttlSeconds: number;
  readonly target: FunctionDefinition;
}

interface Properties {
  readonly Type?: string;
  readonly AuthorizerUri?: string;
  readonly IdentitySource?: string;
  readonly IdentityValidationExpression?: string;
  readonly AuthorizerResultTtlInSeconds?: number;
}

const KNOWN = new Set([
  'AuthorizerResultTtlInSeconds',
  'AuthorizerUri',
  'IdentitySource',
  'IdentityValidationExpression',
  'Name',
  'RestApiId',
  'Type',
]);

/** `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations` */
export function functionBehind(uri: string | undefined, path: string, functions: FunctionDirectory) {
  const arn = /\/functions\/(.+)\/invocations$/.exec(uri ?? '')?.[1];
  if (arn === undefined) throw new TemplateError(path, 'does not name a function.');
  return functions.byArn(arn, path);
}

function toDefinition(id: string, resolver: Resolver, functions: FunctionDirectory): AuthorizerDefinition {
  const path = resolver.pathOf(id, 'Properties');
  const properties = resolver.resolve(
    resolver.stack.template.Resources[id]?.Properties ?? {},
    path,
  ) as object;
  checkKnown(properties, KNOWN, path);
  const { Type, IdentitySource = '', ...rest } = properties as Properties;
  if (Type !== 'TOKEN') throw new TemplateError(`${path}.Type`, 'only TOKEN authorizers run locally.');
  const header = /^method\.request\.header\.([A-Za-z0-9-]+)$/.exec(IdentitySource)?.[1];
  if (header === undefined) {
    throw new TemplateError(`${path}.IdentitySource`, 'only one header is known as the source of a token.');
  }
  const expression = rest.IdentityValidationExpression;
  return {
    id,
    header: header.toLowerCase(),
    validation: expression === undefined ? undefined : new RegExp(`^(?:${expression})$`),
    ttlSeconds: rest.AuthorizerResultTtlInSeconds ?? DEFAULT_TTL_SECONDS,
    target: functionBehind(rest.AuthorizerUri, `${path}.AuthorizerUri`, functions),
  };
}

/**
 * The authorizers of a stack, by the id that methods refer to.
 *
 * @throws TemplateError for all but TOKEN authorizers with a function of the region behind them.
 */
export function readAuthorizers(
  resolver: Resolver,
  functions: FunctionDirectory,
): ReadonlyMap<string, AuthorizerDefinition> {
  return new Map(
    Object.entries(resolver.stack.template.Resources)
      .filter(([, { Type }]) => Type === AUTHORIZER)
      .map(([id]) => [id, toDefinition(id, resolver, functions)] as const),
  );
}
