import type { StackTemplate } from './cloudformation.ts';
import { TemplateError } from './cloudformation.ts';
import { Resolver } from './intrinsics.ts';

const FUNCTION = 'AWS::Lambda::Function';
const INVOKE_CONFIG = 'AWS::Lambda::EventInvokeConfig';

/** Lambda's defaults where a template says nothing. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MIB = 128;
const DEFAULT_ASYNC_RETRIES = 2;

/** A Lambda function as a template defines it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** Its role, whose permissions are those of its calls. */
  readonly roleArn: string;
  /** Folder of the bundle, and what it exports: `index.handler`. */
  readonly codeDirectory: string;
  readonly handler: string;
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  /** `undefined` when the function shares the account's concurrency. */
  readonly reservedConcurrency: number | undefined;
  /** Level of `ApplicationLogLevel` when the function logs JSON. */
  readonly logLevel: string | undefined;
  /** How often an event that nobody waits for is tried again after a failure. */
  readonly asyncRetries: number;
}

interface Properties {
  readonly Code?: { readonly S3Key?: string };
  readonly Handler?: string;
  readonly Runtime?: string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly Role?: string;
  readonly ReservedConcurrentExecutions?: number;
  readonly LoggingConfig?: { readonly LogFormat?: string; readonly ApplicationLogLevel?: string };
}

const PROPERTIES = [
  'Code',
  'Environment',
  'Handler',
  'LoggingConfig',
  'MemorySize',
  'ReservedConcurrentExecutions',
  'Role',
  'Runtime',
  'Timeout',
] as const satisfies readonly (keyof Properties)[];

interface Place {
  readonly resolver: Resolver;
  readonly logicalId: string;
}

/**
 * The functions of one region, by ARN. A function is read when something refers to it: those that nothing
 * invokes (providers of custom resources) never run locally, so what they need does not matter.
 */
export class FunctionDirectory {
  readonly #places = new Map<string, Place>();
  readonly #read = new Map<string, FunctionDefinition>();
  readonly #retries = new Map<string, number>();

  constructor(stacks: readonly StackTemplate[]) {
    for (const stack of stacks) {
      const resolver = new Resolver(stack, stacks);
      for (const [logicalId, { Type }] of Object.entries(stack.template.Resources)) {
        const path = resolver.pathOf(logicalId, 'Arn');
        if (Type === FUNCTION) {
          const arn = resolver.resolve({ 'Fn::GetAtt': [logicalId, 'Arn'] }, path);
          this.#places.set(String(arn), { resolver, logicalId });
        }
        if (Type === INVOKE_CONFIG) this.#readInvokeConfig(resolver, logicalId);
      }
    }
  }

  /** @throws TemplateError when there is no such function, or when it cannot be read. */
  byArn(arn: string, path: string): FunctionDefinition {
    // `arn:aws:lambda:<region>:<account>:function:<name>[:<version or alias>]`
    const unqualified = arn.split(':').slice(0, 7).join(':');
    const known = this.#read.get(unqualified);
    if (known !== undefined) return known;
    const place = this.#places.get(unqualified);
    if (place === undefined) throw new TemplateError(path, `${arn} is not a function of this region.`);
    const definition = this.#define(unqualified, place);
    this.#read.set(unqualified, definition);
    return definition;
  }

  /** By whatever an event source may say: name or ARN, with or without a version or an alias. */
  byName(nameOrArn: string, path: string): FunctionDefinition {
    if (nameOrArn.startsWith('arn:')) return this.byArn(nameOrArn, path);
    const [name = ''] = nameOrArn.split(':');
    const arn = [...this.#places.keys()].find((known) => known.endsWith(`:function:${name}`));
    return this.byArn(arn ?? nameOrArn, path);
  }

  #readInvokeConfig(resolver: Resolver, logicalId: string): void {
    if (resolver.stack.template.Resources[logicalId]?.Properties?.['DestinationConfig'] !== undefined) {
      const path = resolver.pathOf(logicalId, 'DestinationConfig');
      throw new TemplateError(path, 'destinations of events that nobody waits for do not exist locally.');
    }
    const retries = resolver.property(logicalId, 'MaximumRetryAttempts');
    if (typeof retries !== 'number') return;
    this.#retries.set(String(resolver.property(logicalId, 'FunctionName')), retries);
  }

  #define(arn: string, { resolver, logicalId }: Place): FunctionDefinition {
    const { stack } = resolver;
    const path = resolver.pathOf(logicalId, 'Properties');
    const { Code, Environment, Handler, Runtime, Timeout, MemorySize, ...rest } = resolver.properties(
      logicalId,
      PROPERTIES,
    ) as Properties;
    const codeDirectory = stack.assets.get(Code?.S3Key ?? '');
    if (codeDirectory === undefined) throw new TemplateError(`${path}.Code`, 'no asset has this key.');
    if (!Runtime?.startsWith('nodejs'))
      throw new TemplateError(`${path}.Runtime`, 'only Node.js runs locally.');
    if (Handler === undefined) throw new TemplateError(`${path}.Handler`, 'is missing.');
    const name = arn.split(':').at(-1) ?? '';
    return {
      name,
      arn,
      region: stack.region,
      roleArn: rest.Role ?? '',
      codeDirectory,
      handler: Handler,
      runtime: Runtime,
      environment: Environment?.Variables ?? {},
      timeoutSeconds: Timeout ?? DEFAULT_TIMEOUT_SECONDS,
      memoryMiB: MemorySize ?? DEFAULT_MEMORY_MIB,
      reservedConcurrency: rest.ReservedConcurrentExecutions,
      logLevel: rest.LoggingConfig?.LogFormat === 'JSON' ? rest.LoggingConfig.ApplicationLogLevel : undefined,
      asyncRetries: this.#retries.get(name) ?? DEFAULT_ASYNC_RETRIES,
    };
  }
}
