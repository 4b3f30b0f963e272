import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import type { Resource } from './synthesis.ts';

type Specification = Awaited<ReturnType<typeof loadAwsServiceSpec>>;
type SpecifiedProperties = NonNullable<ReturnType<typeof resourceType>>['properties'];
type SpecifiedType = SpecifiedProperties[string]['type'];

/** Judges resources by what CloudFormation says of their types, as shipped with the CDK. */
export async function loadResourceSchema() {
  const specification = await loadAwsServiceSpec();
  return {
    /** Every type, property and value that CloudFormation would refuse; empty if there is none. */
    problemsOf({ id, type, properties }: Resource): string[] {
      // CloudFormation hands these to a function and knows nothing of them.
      if (type.startsWith('Custom::')) return [];
      const resource = resourceType(specification, type);
      if (!resource) return [`${id}: there is no type ${type}`];
      return problemsOfObject(specification, properties, {
        path: `${id} (${type})`,
        allowed: resource.properties,
      });
    },
  };
}

function resourceType(specification: Specification, name: string) {
  return specification.lookup('resource', 'cloudFormationType', 'equals', name)[0];
}

function problemsOfObject(
  specification: Specification,
  value: unknown,
  { path, allowed }: { readonly path: string; readonly allowed: SpecifiedProperties },
): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: not an object`];
  const missing = Object.entries(allowed)
    .filter(([name, property]) => property.required && !(name in value))
    .map(([name]) => `${path}.${name}: is required`);
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const property = allowed[name];
    if (!property) return [`${path}.${name}: there is no such property`];
    return problemsOfValue(specification, member, { path: `${path}.${name}`, type: property.type });
  });
  return [...missing, ...wrong];
}

const isIntrinsic = (value: unknown) =>
  typeof value === 'object' && value !== null && /^(Ref|Fn::\w+)$/.test(Object.keys(value).join());

interface Expectation<Type> {
  readonly path: string;
  readonly type: Type;
}

function problemsOfValue(
  specification: Specification,
  value: unknown,
  { path, type }: Expectation<SpecifiedType>,
): string[] {
  // What an intrinsic function becomes is known to CloudFormation only.
  if (isIntrinsic(value)) return [];
  const judge = (item: unknown, expected: SpecifiedType, key = '') =>
    problemsOfValue(specification, item, { path: path + key, type: expected });
  switch (type.type) {
    case 'ref': {
      const allowed = specification.get('typeDefinition', type.reference).properties;
      return problemsOfObject(specification, value, { path, allowed });
    }
    case 'array':
      if (!Array.isArray(value)) return [`${path}: not a list`];
      return value.flatMap((item, index) => judge(item, type.element, `.${index}`));
    case 'map':
      if (typeof value !== 'object' || value === null) return [`${path}: not a map`];
      return Object.entries(value).flatMap(([key, item]) => judge(item, type.element, `.${key}`));
    case 'union': {
      const problems = type.types.map((option) => judge(value, option));
      return problems.some(({ length }) => length === 0) ? [] : problems.flat();
    }
    default:
      return problemsOfPrimitive(value, { path, type });
  }
}

const PRIMITIVES: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  json: (value) => typeof value === 'object',
  'date-time': (value) => typeof value === 'string',
  tag: (value) => typeof value === 'object',
};

function problemsOfPrimitive(value: unknown, { path, type }: Expectation<SpecifiedType>): string[] {
  const allowed: readonly unknown[] = ('allowedValues' in type && type.allowedValues) || [value];
  const isRight = PRIMITIVES[type.type]?.(value) && allowed.includes(value);
  return isRight ? [] : [`${path}: ${JSON.stringify(value)} is no allowed ${type.type}`];
}
