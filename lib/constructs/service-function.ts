import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  type IFunction,
  type IVersion,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../config/environment.ts';
import { FUNCTIONS, type FunctionName, WEBHOOK_FUNCTIONS } from '../config/functions.ts';
import { METRICS_NAMESPACE } from '../config/metrics.ts';
import { ROUTES } from '../config/routes.ts';
import type { Deployment } from '../config/stages.ts';
import { acknowledge, TRACING_IS_OPTIONAL } from './acknowledge.ts';
import { GradualRelease } from './gradual-release.ts';
import type { InventoryTable } from './inventory-table.ts';
import type { ReadTable } from './read-table.ts';
import type { TenantAccess } from './tenant-access.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const VERSION: string = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')).version;

/** Packages that are still CommonJS call `require`, which an ES module does not have. */
const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** The alias that everybody calls where new versions come step by step. */
const LIVE_ALIAS = 'live';

const SOMEBODY_WAITS =
  'Whoever calls it waits for its answer: a client, or a queue or stream that shows again what has failed.';

export interface ServiceFunctionProps {
  /** Folder of the handler under `lambdas/`, and key of its settings in `lib/config/functions.ts`. */
  readonly name: FunctionName;
  readonly deployment: Deployment;
  /**
   * The function gets the access that its settings name, and no more.
   *
   * @default none: a function whose settings name the table needs it
   */
  readonly table?: InventoryTable;
  /** @default none: a function whose settings name the read model needs it */
  readonly readTable?: ReadTable;
  /** @default none: a function whose settings are `scoped` needs it */
  readonly tenantAccess?: TenantAccess;
  /**
   * Limits for events that Lambda queues for the function.
   *
   * @default none: whoever calls the function waits for its answer
   */
  readonly asynchronous?: { readonly retryAttempts: number; readonly maxEventAge: Duration };
}

/** A function of the service: bundled, sized, logged and permitted as `lib/config/functions.ts` says. */
export class ServiceFunction extends NodejsFunction {
  /** Its name in `lib/config/functions.ts`. */
  readonly serviceName: FunctionName;
  /** What others call: the function itself, or its alias where new versions come step by step. */
  readonly invokable: IFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const settings = FUNCTIONS[props.name];
    super(scope, id, {
      description: `Holdfast ${props.name}`,
      entry: `${ROOT}lambdas/${props.name}/handler.ts`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: settings.memoryMiB,
      timeout: Duration.seconds(settings.timeoutSeconds),
      ...(settings.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: settings.reservedConcurrency,
      }),
      bundling: bundlingOf(settings.files),
      environment: environmentOf(props),
      tracing: props.deployment.options.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...loggingOf(scope, id, props.deployment),
      ...(!props.deployment.options.gradual && props.asynchronous),
    });
    this.serviceName = props.name;
    this.acknowledgeRules(props);
    // The CDK declares a property of an alias less exactly than that of the interface.
    this.invokable = props.deployment.options.gradual ? (this.createAlias(props) as IFunction) : this;
    this.grantTables(props);
  }

  private grantTables({ name, table, tenantAccess, readTable }: ServiceFunctionProps): void {
    const { table: access, readModel, countsRequests } = FUNCTIONS[name];
    if (access?.scoped === true) {
      if (tenantAccess === undefined) throw new Error(`${name} is given no role of tenants.`);
      tenantAccess.grant(this);
    } else if (access !== undefined) {
      if (table === undefined) throw new Error(`${name} is given no table.`);
      table.grant(this, access);
    }
    if (readModel === undefined && countsRequests === undefined) return;
    if (readTable === undefined) throw new Error(`${name} is given no table of the read model.`);
    if (readModel !== undefined) readTable.grant(this, readModel);
    if (countsRequests) readTable.grantCounting(this);
  }

  /**
   * Requests move to a new version step by step. Background work moves at once: nobody waits for it, what fails is shown
   * again, and a tenth of what runs once a minute would say nothing within five.
   */
  private createAlias({ name, deployment, asynchronous }: ServiceFunctionProps): Alias {
    const version = this.currentVersion as IVersion;
    const alias = new Alias(this, 'Live', { aliasName: LIVE_ALIAS, version, ...asynchronous });
    if (ROUTES.some((route) => route.function === name)) GradualRelease.of(this, deployment.stage).add(alias);
    return alias;
  }

  private acknowledgeRules({ name, asynchronous, deployment }: ServiceFunctionProps): void {
    const { reservedConcurrency, why } = FUNCTIONS[name];
    if (deployment.options.tracing && this.role !== undefined) {
      acknowledge(this.role, { 'AwsSolutions-IAM5[Resource::*]': 'X-Ray knows no resources to name.' });
    }
    acknowledge(this, {
      ...(reservedConcurrency === undefined && { 'Holdfast-FunctionConcurrency': why }),
      ...(asynchronous === undefined && { 'Serverless-LambdaDLQ': SOMEBODY_WAITS }),
      ...(!deployment.options.tracing && { 'Serverless-LambdaTracing': TRACING_IS_OPTIONAL }),
    });
  }
}

function environmentOf({ name, deployment }: ServiceFunctionProps): Record<string, string> {
  return {
    [ENVIRONMENT.regions]: deployment.regions.join(','),
    [ENVIRONMENT.databaseTimeoutMs]: String(deployment.settings.databaseTimeoutMs),
    [ENVIRONMENT.version]: VERSION,
    POWERTOOLS_SERVICE_NAME: name,
    POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
    POWERTOOLS_LOG_LEVEL: deployment.settings.logLevel,
    ...(WEBHOOK_FUNCTIONS.includes(name) && {
      [ENVIRONMENT.webhookTargets]: deployment.settings.webhookTargets,
    }),
  };
}

/** A log group of our own ends after a while, and a role that may write to it needs no other permission. */
function loggingOf(scope: Construct, id: string, { settings }: Deployment) {
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    retention: settings.logRetentionDays,
    removalPolicy: settings.protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  return {
    logGroup,
    role,
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.INFO,
    applicationLogLevelV2: ApplicationLogLevel[settings.logLevel],
  };
}

/** The SDK is part of the bundle: the version that was tested is the one that runs, and it starts faster. */
function bundlingOf(files: readonly string[]): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    target: 'node24',
    minify: true,
    sourceMap: false,
    mainFields: ['module', 'main'],
    externalModules: [],
    banner: REQUIRE_BANNER,
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (inputDir, outputDir) => files.map((file) => `cp "${inputDir}/${file}" "${outputDir}"`),
    },
  };
}
