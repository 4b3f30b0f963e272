import { TemplateError } from '../template/cloudformation.ts';

/** Finds the keys of a record's partition; `undefined`: it is no JSON object, or lacks one of them. */
export type MetadataQuery = (record: string) => Readonly<Record<string, string>> | undefined;

export interface CompiledQuery {
  readonly names: ReadonlySet<string>;
  readonly find: MetadataQuery;
}

/** `tenant: .tenantId`, or with more names: `day: .data.day` */
const ENTRY = /^\s*"?(?<name>[A-Za-z_]\w*)"?\s*:\s*(?<fields>(?:\.[A-Za-z_]\w*)+)\s*$/;

function valueAt(record: unknown, fields: readonly string[]): string | undefined {
  let value = record;
  for (const field of fields) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
    value = (value as Record<string, unknown>)[field];
  }
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

function parseRecord(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Compiles the part of JQ that names fields: `{name: .field, other: .inner.field}`.
 *
 * @throws TemplateError for all other JQ.
 */
export function compileMetadataQuery(query: string, path: string): CompiledQuery {
  const [, inner] = /^\s*\{(.*)\}\s*$/s.exec(query) ?? [];
  const entries = (inner?.split(',') ?? []).map((entry) => ENTRY.exec(entry)?.groups);
  const known = entries.flatMap((groups) => (groups === undefined ? [] : [groups]));
  if (known.length === 0 || known.length < entries.length) {
    throw new TemplateError(
      path,
      `${query} is not of the form {name: .field, other: .field} that is known locally.`,
    );
  }
  const wanted = known.map(({ name = '', fields = '' }) => [name, fields.split('.').slice(1)] as const);
  const find: MetadataQuery = (text) => {
    const record = parseRecord(text);
    const found = wanted.map(([name, fields]) => [name, valueAt(record, fields)] as const);
    if (found.some(([, value]) => value === undefined)) return undefined;
    return Object.fromEntries(found) as Record<string, string>;
  };
  return { names: new Set(wanted.map(([name]) => name)), find };
}
