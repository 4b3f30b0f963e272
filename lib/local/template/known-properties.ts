import { TemplateError } from './cloudformation.ts';

/**
 * Refuses what the embedded stack would pass over in silence.
 *
 * @throws TemplateError with the path of a property that is not known here.
 */
export function checkKnown(value: object, known: ReadonlySet<string>, path: string): void {
  for (const name of Object.keys(value)) {
    if (!known.has(name)) throw new TemplateError(`${path}.${name}`, 'is not known locally.');
  }
}
