/** Reads TypeScript with a parser, for the rules that a search of the text would get wrong. */
import { parseSync } from '@swc/core';
import { textOf } from './project-files.ts';

/** A node of the syntax tree, as far as these rules know it. */
export interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A node with the one around it, and the lines of its file that it spans, the first being 1. */
export interface Located {
  readonly node: SyntaxNode;
  readonly parent: SyntaxNode | undefined;
  readonly firstLine: number;
  readonly lastLine: number;
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

function* visit(value: unknown, parent?: SyntaxNode): Generator<[SyntaxNode, SyntaxNode | undefined]> {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) yield [value, parent];
  for (const child of Object.values(value)) yield* visit(child, isNode(value) ? value : parent);
}

const NEWLINE = 10;

/** Tells the line of a place in a file; the parser counts bytes, and from 1. */
function lineCounter(text: string): (position: number) => number {
  const lineOfByte: number[] = [];
  let line = 1;
  for (const byte of Buffer.from(text)) {
    lineOfByte.push(line);
    if (byte === NEWLINE) line += 1;
  }
  return (position) => lineOfByte[position - 1] ?? line;
}

function parse(path: string): Located[] {
  // Blanked, not cut: the lines must keep their numbers.
  const text = textOf(path).replace(/^#!.*/, '');
  const lineAt = lineCounter(text);
  return [...visit(parseSync(text, { syntax: 'typescript' }).body)].map(([node, parent]) => {
    const { start = 1, end = 2 } = (node['span'] ?? {}) as { start?: number; end?: number };
    return { node, parent, firstLine: lineAt(start), lastLine: lineAt(end - 1) };
  });
}

const trees = new Map<string, readonly Located[]>();

/** Every node of a file; each file is parsed once. */
export function nodesOf(path: string): readonly Located[] {
  const known = trees.get(path) ?? parse(path);
  trees.set(path, known);
  return known;
}

/** What an identifier, a literal or a private name says; `undefined` for other nodes. */
export function wordOf(node: unknown): string | undefined {
  return isNode(node) && typeof node['value'] === 'string' ? node['value'] : undefined;
}

/** `console.log` for that expression; `undefined` for what is no member of a name. */
export function memberName({ node }: Located): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const object = wordOf(node['object']);
  const property = wordOf(node['property']);
  return object === undefined || property === undefined ? undefined : `${object}.${property}`;
}

export interface FoundFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  readonly parameters: number;
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'Constructor',
  'MethodProperty',
  'TsMethodSignature',
]);

/** A parameter that only a signature of somebody else demands has an underscore, and does not count. */
const counts = (parameter: SyntaxNode): boolean =>
  !wordOf(parameter['pat'] ?? parameter['param'] ?? parameter)?.startsWith('_');

/** The functions of a file, and the methods that its interfaces declare. */
export function functionsOf(path: string): FoundFunction[] {
  return nodesOf(path).flatMap(({ node, parent, firstLine, lastLine }) => {
    if (!FUNCTIONS.has(node.type)) return [];
    const { params = [] } = (node['function'] ?? node) as { params?: readonly SyntaxNode[] };
    const named = node['identifier'] ?? node['key'] ?? parent?.['id'] ?? parent?.['key'];
    return {
      name: wordOf(named) ?? 'a function',
      line: firstLine,
      lines: lastLine - firstLine + 1,
      parameters: params.filter(counts).length,
    };
  });
}
