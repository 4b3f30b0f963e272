import { TemplateError } from './cloudformation.ts';

/** What a target is given for an event. */
export type TargetInput = (event: object) => unknown;

export interface InputProperties {
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: unknown;
}

/** `$`, or names that follow each other: `$.detail.data`. */
const SIMPLE_PATH = /^\$(?:\.[A-Za-z0-9_-]+)*$/;

function compilePath(inputPath: string, path: string): TargetInput {
  if (!SIMPLE_PATH.test(inputPath))
    throw new TemplateError(path, `${inputPath} is more than names and dots.`);
  const names = inputPath.split('.').slice(1);
  return (event) =>
    names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
}

function parseInput(input: string, path: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    throw new TemplateError(path, 'is not JSON.');
  }
}

/**
 * Compiles what a rule says about the input of a target: nothing, a constant or a simple path.
 *
 * @throws TemplateError for input transformers, and for paths that are more than names.
 */
export function compileInput(
  { Input, InputPath, InputTransformer }: InputProperties,
  path: string,
): TargetInput {
  if (InputTransformer !== undefined) {
    throw new TemplateError(`${path}.InputTransformer`, 'only Input and InputPath are known locally.');
  }
  if (InputPath !== undefined) return compilePath(InputPath, `${path}.InputPath`);
  if (Input === undefined) return (event) => event;
  const constant = parseInput(Input, `${path}.Input`);
  return () => constant;
}
