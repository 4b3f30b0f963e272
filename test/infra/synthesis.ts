import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import type { ContextName } from '../../lib/config/context.ts';
import { parseDeployment } from '../../lib/config/stages.ts';
import { HoldfastStage } from '../../lib/stacks/holdfast-stage.ts';

/** One resource of a template. Tests say what they expect of its properties by a type of their own. */
export interface Resource<Properties = unknown> {
  readonly id: string;
  readonly type: string;
  readonly properties: Properties;
  readonly deletionPolicy: string | undefined;
}

export interface SynthesizedStack {
  /** Its id in the app: `table`, `keys-<region>` or, of the stack with all else of a region, the region. */
  readonly id: string;
  readonly region: string;
  readonly template: { readonly Outputs: Record<string, { readonly Value: unknown }> };
  readonly resources: readonly Resource[];
  /** Stacks that must be there first, by their ids. */
  readonly dependsOn: readonly string[];
  readonly terminationProtection: boolean;
}

/** Context values as `cdk -c` takes them. */
export type GivenContext = { readonly [Name in ContextName]?: string };

/** All that `bin/holdfast.ts` synthesises for a context, but for the bundles: each takes half a second. */
export function synthesizeAll(context: GivenContext = {}): SynthesizedStack[] {
  const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context;
  const app = new App({
    context: { ...flags, 'aws:cdk:bundling-stacks': [] },
    analyticsReporting: false,
  });
  const stage = new HoldfastStage(app, parseDeployment(context, {}));
  const { stacks } = stage.synth();
  const idOf = (stackName: string) => stackName.slice(`${stage.stageName}-`.length);
  return stacks.map((stack) => ({
    id: idOf(stack.stackName),
    region: stack.environment.region,
    template: stack.template,
    resources: resourcesIn(stack.template),
    dependsOn: stacks
      .filter((other) => stack.dependencies.some(({ id }) => id === other.id))
      .map((other) => idOf(other.stackName)),
    terminationProtection: stack.terminationProtection ?? false,
  }));
}

/** The stack of each region, in the order of the regions: all but the tables' keys and the global table. */
export function synthesize(context: GivenContext = {}): SynthesizedStack[] {
  const stacks = synthesizeAll(context);
  const { regions } = parseDeployment(context, {});
  return regions.flatMap((region) => stacks.filter(({ id }) => id === region));
}

/** The only such stack of a deployment in one region. */
export function synthesizeOne(stage = 'dev'): SynthesizedStack {
  const [stack] = synthesize({ stage, regions: 'us-east-1' });
  if (!stack) throw new Error('No stack was synthesised.');
  return stack;
}

/** The stacks of each region that hold one kind of thing, in the order of the regions. */
export function synthesizeKind(
  kind: 'keys' | 'schemas' | 'backups',
  context: GivenContext,
): SynthesizedStack[] {
  const stacks = synthesizeAll(context);
  const { regions } = parseDeployment(context, {});
  return regions.flatMap((region) => stacks.filter(({ id }) => id === `${kind}-${region}`));
}

/** The stack of the global table. */
export function synthesizeTable(context: GivenContext = {}): SynthesizedStack {
  const stack = synthesizeAll(context).find(({ id }) => id === 'table');
  if (!stack) throw new Error('No stack with the table was synthesised.');
  return stack;
}

export function resourcesOf<Properties>(
  stack: SynthesizedStack,
  type: string,
): readonly Resource<Properties>[] {
  return stack.resources.filter((resource): resource is Resource<Properties> => resource.type === type);
}

/** The one resource of its type. */
export function onlyResource<Properties>(stack: SynthesizedStack, type: string): Resource<Properties> {
  const found = resourcesOf<Properties>(stack, type);
  const [resource] = found;
  if (!resource || found.length > 1) throw new Error(`Expected one ${type}, found ${found.length}.`);
  return resource;
}

/** The table that is called so. */
export function tableNamed<Properties extends { readonly TableName: string }>(
  stack: SynthesizedStack,
  name: string,
): Resource<Properties> {
  const tables = resourcesOf<Properties>(stack, 'AWS::DynamoDB::GlobalTable');
  const table = tables.find(({ properties }) => properties.TableName === name);
  if (table === undefined) throw new Error(`There is no table ${name}.`);
  return table;
}

interface FunctionProperties {
  readonly Environment: { readonly Variables: Record<string, unknown> };
}

/** Every function by the name it has in `lib/config/functions.ts`; what the CDK runs at deployment has none. */
export function functionsOf<Properties extends FunctionProperties>(
  stack: SynthesizedStack,
): ReadonlyMap<string, Resource<Properties>> {
  const named = resourcesOf<Properties | { readonly Environment?: never }>(stack, 'AWS::Lambda::Function');
  return new Map(
    named
      .filter((resource): resource is Resource<Properties> => resource.properties.Environment !== undefined)
      .map((resource) => [
        String(resource.properties.Environment.Variables['POWERTOOLS_SERVICE_NAME']),
        resource,
      ]),
  );
}

/** A value with its intrinsic functions written out: `{Ref: X}` is `<X>`, `{Fn::GetAtt: [X, Arn]}` is `<X.Arn>`. */
export function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, argument] = []] = Object.entries(value);
  if (intrinsic === 'Ref') return `<${argument}>`;
  if (intrinsic === 'Fn::GetAtt') return `<${argument.join('.')}>`;
  if (intrinsic === 'Fn::Join') return argument[1].map(written).join(argument[0]);
  throw new Error(`Unexpected value in a template: ${JSON.stringify(value)}`);
}

function resourcesIn(template: {
  Resources: Record<string, { Type: string; Properties?: unknown; DeletionPolicy?: string }>;
}): Resource[] {
  return Object.entries(template.Resources).map(([id, resource]) => ({
    id,
    type: resource.Type,
    properties: resource.Properties ?? {},
    deletionPolicy: resource.DeletionPolicy,
  }));
}
