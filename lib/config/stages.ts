import { type Context, type ContextName, DEFAULT_REGION, DEFAULT_STAGE, parseContext } from './context.ts';

/** What differs between stages. */
interface StageSettings {
  /**
   * Guards the table against mistakes: point-in-time recovery and deletion protection in every replica, the
   * table and the logs stay when their stack is deleted, and the stacks refuse to be deleted at all.
   */
  readonly protectData: boolean;
  /**
   * Encrypts both tables with a key of the account in each region, which its owner may disable and whose use is logged.
   * It costs a dollar a month and region, and a little for each use.
   */
  readonly ownKey: boolean;
  /**
   * How long one call to the database may take. DynamoDB answers in single-digit milliseconds, so after two
   * seconds a request is lost; DynamoDB Local shares two cores with everything else and may need longer.
   */
  readonly databaseTimeoutMs: number;
  /**
   * For how many runs of its worker a message stays hidden from the others. AWS advises six, so that throttled runs
   * find it hidden still. On one machine workers are killed on purpose, and tests wait until their messages show again.
   */
  readonly runsWhileHidden: 1 | 6;
  /** Keeps the first key of an operator, and that of the canary, in secrets. The embedded stack prints its keys instead. */
  readonly keepsKeys: boolean;
  readonly logLevel: 'DEBUG' | 'INFO';
  /** One of the periods that CloudWatch Logs knows. */
  readonly logRetentionDays: 7 | 90;
  /**
   * Logs one line per request at the gateway, for the requests that reach no function. It sets a role on the
   * gateway of the whole account and region, so stages that share an account leave it off.
   */
  readonly accessLog: boolean;
  /** A web firewall in front of the gateway. It costs some ten dollars a month in each region, and a part of each request. */
  readonly firewall: boolean;
  /** How long the bus keeps events, so that a partner who lost some can be shown them again. */
  readonly eventArchiveDays: number;
  /** What becomes of the files of the analytics log. */
  readonly changeLog: ChangeLogLifecycle;
  /** Calls the API every minute as a client would. On one machine there is no outside to call it from. */
  readonly canary: boolean;
  /** Where webhooks may point. A deployed function must never be made to call what only it can reach. */
  readonly webhookTargets: 'public' | 'loopback';
}

interface ChangeLogLifecycle {
  /** When files move to cheaper storage. S3 takes none younger than 30 days. @default never */
  readonly infrequentAfterDays?: number;
  /** @default never: the ledger since the beginning is in them */
  readonly expireAfterDays?: number;
}

/** One installation of Holdfast: a stage in an ordered list of regions. */
export interface Deployment {
  readonly stage: string;
  /** The first owns the global table, the others hold replicas of it. */
  readonly regions: readonly [string, ...string[]];
  /** Absent when the CDK runs without credentials: the account is then a parameter of the templates. */
  readonly account: string | undefined;
  /** Physical name, the same in every region: a stack that did not create the table finds it by this name. */
  readonly tableName: string;
  /** Physical name of each region's table of the read model. */
  readonly readTableName: string;
  /** Name of the key of both tables, the same in every region; where the stage has keys of its own. */
  readonly keyAlias: string;
  readonly settings: StageSettings;
  /** The optional parts, by their context values. */
  readonly options: Omit<Context, 'stage' | 'regions'>;
}

const PRODUCTION: StageSettings = {
  protectData: true,
  ownKey: true,
  databaseTimeoutMs: 2000,
  runsWhileHidden: 6,
  keepsKeys: true,
  logLevel: 'INFO',
  logRetentionDays: 90,
  accessLog: true,
  firewall: true,
  eventArchiveDays: 90,
  changeLog: { infrequentAfterDays: 30 },
  canary: true,
  webhookTargets: 'public',
};

/**
 * Stages whose data may be lost. Their table goes with their stack, because its name is fixed: one that stayed
 * would block the next deployment.
 */
const DISPOSABLE: StageSettings = {
  protectData: false,
  ownKey: false,
  databaseTimeoutMs: 2000,
  runsWhileHidden: 6,
  keepsKeys: true,
  logLevel: 'INFO',
  logRetentionDays: 7,
  accessLog: false,
  firewall: true,
  eventArchiveDays: 7,
  changeLog: { expireAfterDays: 7 },
  canary: true,
  webhookTargets: 'public',
};

/** A stage that nobody listed gets the values of production: forgetting to list one must not cost its data. */
const SETTINGS: ReadonlyMap<string, StageSettings> = new Map([
  [
    'local',
    {
      ...DISPOSABLE,
      keepsKeys: false,
      databaseTimeoutMs: 8000,
      runsWhileHidden: 1,
      firewall: false,
      canary: false,
      webhookTargets: 'loopback',
    },
  ],
  [DEFAULT_STAGE, { ...DISPOSABLE, logLevel: 'DEBUG' }],
]);

/**
 * Reads the context of the CDK app.
 *
 * @param context the values of `-c stage=…`, `-c regions=…` and of the optional parts, undefined where not given.
 * @param defaults account and region of the caller's credentials.
 * @throws InvalidContext that names every value that is wrong.
 */
export function parseDeployment(
  context: { readonly [Name in ContextName]?: unknown },
  defaults: { readonly account?: string | undefined; readonly region?: string | undefined },
): Deployment {
  const { stage, regions, ...options } = parseContext({
    ...context,
    regions: context.regions ?? defaults.region ?? DEFAULT_REGION,
  });
  return {
    stage,
    regions,
    account: defaults.account,
    tableName: `holdfast-${stage}`,
    readTableName: `holdfast-${stage}-read`,
    keyAlias: `alias/holdfast-${stage}`,
    settings: SETTINGS.get(stage) ?? PRODUCTION,
    options,
  };
}
