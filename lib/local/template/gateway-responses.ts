import { TemplateError } from './cloudformation.ts';
import type { Resolver } from './intrinsics.ts';

/** How a template shapes one of the gateway's own answers. */
export interface GatewayResponse {
  /** `undefined` when the template leaves the status to the gateway. */
  readonly status: number | undefined;
  /** Mapping expressions: `'a literal in quotes'` or `context.requestId`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Template of the body, with `$context.…` variables; `undefined`: the gateway's own body. */
  readonly body: string | undefined;
}

const HEADER_PREFIX = 'gatewayresponse.header.';

interface Properties {
  readonly ResponseType: string;
  readonly StatusCode?: string;
  readonly ResponseParameters?: Readonly<Record<string, string>>;
  readonly ResponseTemplates?: Readonly<Record<string, string>>;
}

function toResponse(properties: Properties, path: string): GatewayResponse {
  const headers = Object.entries(properties.ResponseParameters ?? {}).map(([name, value]) => {
    if (!name.startsWith(HEADER_PREFIX)) throw new TemplateError(path, `${name} does not name a header.`);
    if (!/^'.*'$|^context\.requestId$/.test(value))
      throw new TemplateError(path, `${value} is not known locally.`);
    return [name.slice(HEADER_PREFIX.length), value] as const;
  });
  return {
    status: properties.StatusCode === undefined ? undefined : Number(properties.StatusCode),
    headers: Object.fromEntries(headers),
    body: properties.ResponseTemplates?.['application/json'],
  };
}

/** The gateway's own answers that the template shapes, by response type. */
export function readGatewayResponses(
  resolver: Resolver,
  logicalIds: readonly string[],
): Map<string, GatewayResponse> {
  return new Map(
    logicalIds.map((id) => {
      const path = resolver.pathOf(id, 'Properties');
      const properties = resolver.stack.template.Resources[id]?.Properties ?? {};
      const resolved = resolver.resolve(properties, path) as Properties;
      return [resolved.ResponseType, toResponse(resolved, path)] as const;
    }),
  );
}
