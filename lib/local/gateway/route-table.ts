import type { ApiRoute } from '../template/rest-api.ts';

/** A route and the parameters of the path, percent-encoded as they came. */
export interface RouteMatch {
  readonly route: ApiRoute;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

interface Node {
  readonly literals: Map<string, Node>;
  /** Child for `{name}`: one segment. */
  parameter: { readonly name: string; readonly node: Node } | undefined;
  /** Child for `{name+}`: all the rest, at least one character. */
  proxy: { readonly name: string; readonly node: Node } | undefined;
  readonly methods: Map<string, ApiRoute>;
}

type Found = { readonly node: Node; readonly parameters: readonly (readonly [string, string])[] };

function newNode(): Node {
  return { literals: new Map(), parameter: undefined, proxy: undefined, methods: new Map() };
}

function childFor(node: Node, part: string): Node {
  const name = /^\{(.+?)(\+?)\}$/.exec(part);
  if (name?.[1] === undefined) {
    const child = node.literals.get(part) ?? newNode();
    node.literals.set(part, child);
    return child;
  }
  const kind = name[2] === '+' ? 'proxy' : 'parameter';
  node[kind] ??= { name: name[1], node: newNode() };
  return node[kind].node;
}

/** The most specific resource that has methods: a literal before a parameter before a proxy, segment by segment. */
function find(node: Node, segments: readonly string[], from: number): Found | undefined {
  const segment = segments[from];
  if (segment === undefined) return node.methods.size > 0 ? { node, parameters: [] } : undefined;
  const literal = node.literals.get(segment);
  const byLiteral = literal && find(literal, segments, from + 1);
  if (byLiteral) return byLiteral;
  if (node.parameter !== undefined && segment !== '') {
    const found = find(node.parameter.node, segments, from + 1);
    if (found) return { ...found, parameters: [[node.parameter.name, segment], ...found.parameters] };
  }
  const rest = segments.slice(from).join('/');
  if (node.proxy === undefined || rest === '') return undefined;
  return { node: node.proxy.node, parameters: [[node.proxy.name, rest]] };
}

/** Finds the route of a request the way API Gateway does: the resource first, then the verb, then `ANY`. */
export class RouteTable {
  readonly #root = newNode();

  constructor(routes: readonly ApiRoute[]) {
    for (const route of routes) {
      const parts = route.resource === '/' ? [] : route.resource.slice(1).split('/');
      const node = parts.reduce(childFor, this.#root);
      node.methods.set(route.method, route);
    }
  }

  /** @param path as it came, percent-encoded, without the query. */
  match(method: string, path: string): RouteMatch | undefined {
    const segments = path === '/' ? [] : path.slice(1).split('/');
    const found = find(this.#root, segments, 0);
    const route = found?.node.methods.get(method) ?? found?.node.methods.get('ANY');
    if (found === undefined || route === undefined) return undefined;
    return {
      route,
      pathParameters: found.parameters.length === 0 ? null : Object.fromEntries(found.parameters),
    };
  }
}
