import type { OperationContract, UnsupportedField } from '../../lib/contracts/operation-contract.ts';
import type { Failure } from '../../lib/contracts/problem-document.ts';

export interface Separated {
  /** The body without the fields of later releases. */
  readonly body: unknown;
  /** Values that such a field would never take. */
  readonly malformed: readonly Failure[];
  /** Fields that ask for what this release does not have. */
  readonly unsupported: readonly Failure[];
}

const MESSAGE = 'is not supported yet';

function judge(path: string, value: unknown, { schema, declines }: UnsupportedField): Partial<Separated> {
  if (!schema.safeParse(value).success)
    return { malformed: [{ path, message: 'has a value it can never have' }] };
  return value === declines ? {} : { unsupported: [{ path, message: MESSAGE }] };
}

/** Takes the fields of later releases out of a body, and says which of them ask for something. */
export function separateUnsupported(
  body: unknown,
  fields: OperationContract['unsupportedFields'],
): Separated {
  if (fields === undefined || typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { body, malformed: [], unsupported: [] };
  }
  const entries = Object.entries(body);
  const judged = entries.flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return field === undefined ? [] : [judge(name, value, field)];
  });
  return {
    body: Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(fields, name))),
    malformed: judged.flatMap(({ malformed }) => malformed ?? []),
    unsupported: judged.flatMap(({ unsupported }) => unsupported ?? []),
  };
}
