import { compilePattern, type EventPattern } from '../event-patterns/event-pattern.ts';
import { TemplateError } from '../template/cloudformation.ts';

/** Lambda's own bound. */
const MAX_FILTERS = 10;

function parse(text: string | undefined, path: string): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new TemplateError(path, 'the pattern is not JSON.');
  }
}

/**
 * Compiles the filters of an event source mapping.
 *
 * @throws TemplateError for what AWS refuses.
 */
export function compileFilters(
  filters: readonly { readonly Pattern?: string }[],
  path: string,
): readonly EventPattern[] {
  if (filters.length > MAX_FILTERS)
    throw new TemplateError(path, `there are at most ${MAX_FILTERS} filters.`);
  return filters.map(({ Pattern }, index) => {
    const at = `${path}.Filters.${index}.Pattern`;
    return compilePattern(parse(Pattern, at), at);
  });
}
