import { TemplateError } from './cloudformation.ts';
import type { Resolver } from './intrinsics.ts';
import { checkKnown } from './known-properties.ts';

/** How much a usage plan lets through for each of its keys. */
export interface PlanThrottle {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** A key of the gateway that a usage plan of the API's stage has. */
export interface GatewayKey {
  readonly id: string;
  readonly value: string;
  /** `undefined`: the plan does not throttle. */
  readonly throttle: PlanThrottle | undefined;
}

/** The API and the stage that plans must name to count. */
interface Place {
  readonly apiId: string;
  readonly stageName: string;
}

const KEY_PROPERTIES = new Set(['Description', 'Enabled', 'Name', 'Tags', 'Value']);
const PLAN_PROPERTIES = new Set(['ApiStages', 'Description', 'Tags', 'Throttle', 'UsagePlanName']);
const STAGE_PROPERTIES = new Set(['ApiId', 'Stage']);
/** The CDK writes an empty object where nothing is said of single methods. */
const NOTHING: ReadonlySet<string> = new Set();
const PLAN_KEY_PROPERTIES = new Set(['KeyId', 'KeyType', 'UsagePlanId']);

interface Plan {
  readonly ApiStages?: readonly {
    readonly ApiId?: string;
    readonly Stage?: string;
    readonly Throttle?: object;
  }[];
  readonly Throttle?: { readonly RateLimit?: number; readonly BurstLimit?: number };
}

interface Found<Properties> {
  readonly id: string;
  readonly path: string;
  readonly properties: Properties;
}

function readAll<Properties>(resolver: Resolver, type: string, known: ReadonlySet<string>) {
  return Object.entries(resolver.stack.template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, resource]): Found<Properties> => {
      const path = resolver.pathOf(id, 'Properties');
      const properties = resolver.resolve(resource.Properties ?? {}, path) as object;
      checkKnown(properties, known, path);
      return { id, path, properties: properties as Properties };
    });
}

/** Whether the plan counts for the stage. What it says for single methods is not known here. */
function isOf({ path, properties }: Found<Plan>, { apiId, stageName }: Place): boolean {
  const stages = properties.ApiStages ?? [];
  for (const [index, { Throttle = {}, ...stage }] of stages.entries()) {
    checkKnown(stage, STAGE_PROPERTIES, `${path}.ApiStages.${index}`);
    checkKnown(Throttle, NOTHING, `${path}.ApiStages.${index}.Throttle`);
  }
  return stages.some(({ ApiId, Stage }) => ApiId === apiId && Stage === stageName);
}

function throttleOf({ path, properties: { Throttle } }: Found<Plan>): PlanThrottle | undefined {
  if (Throttle === undefined) return undefined;
  const { RateLimit, BurstLimit } = Throttle;
  if (RateLimit !== undefined && BurstLimit !== undefined) {
    return { requestsPerSecond: RateLimit, burst: BurstLimit };
  }
  throw new TemplateError(`${path}.Throttle`, 'rate and burst are known together only.');
}

/**
 * The keys that usage plans of the API's stage have, by their values.
 *
 * @throws TemplateError for quotas, limits of single methods, and keys without a value of their own.
 */
export function readGatewayKeys(resolver: Resolver, place: Place): ReadonlyMap<string, GatewayKey> {
  const keys = readAll<{ Value?: string; Enabled?: boolean }>(
    resolver,
    'AWS::ApiGateway::ApiKey',
    KEY_PROPERTIES,
  );
  const plans = readAll<Plan>(resolver, 'AWS::ApiGateway::UsagePlan', PLAN_PROPERTIES);
  const pairs = readAll<{ KeyId: string; UsagePlanId: string }>(
    resolver,
    'AWS::ApiGateway::UsagePlanKey',
    PLAN_KEY_PROPERTIES,
  );
  const counting = plans.filter((plan) => isOf(plan, place));
  const found = pairs.flatMap(({ properties: { KeyId, UsagePlanId } }): GatewayKey[] => {
    const key = keys.find(({ id }) => id === KeyId);
    const plan = counting.find(({ id }) => id === UsagePlanId);
    if (key === undefined || plan === undefined || key.properties.Enabled !== true) return [];
    const { Value: value } = key.properties;
    if (value === undefined) {
      throw new TemplateError(`${key.path}.Value`, 'a key without a value of its own is not known locally.');
    }
    return [{ id: key.id, value, throttle: throttleOf(plan) }];
  });
  return new Map(found.map((key) => [key.value, key]));
}
