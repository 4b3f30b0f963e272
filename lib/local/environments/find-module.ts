import { existsSync } from 'node:fs';
import path from 'node:path';
import { TemplateError } from '../template/cloudformation.ts';
import type { FunctionDefinition } from '../template/functions.ts';

/**
 * The file of a function's bundle: for handler `index.handler` the module `index`.
 *
 * @throws TemplateError when the bundle has no such file, so that it shows at the start and not in a request.
 */
export function findModule({ codeDirectory, handler, arn }: FunctionDefinition): string {
  const module = handler.slice(0, handler.lastIndexOf('.'));
  const found = ['.mjs', '.js', '.cjs']
    .map((ending) => path.join(codeDirectory, module + ending))
    .find((candidate) => existsSync(candidate));
  if (found === undefined) throw new TemplateError(arn, `its code has no module ${module}.`);
  return found;
}
