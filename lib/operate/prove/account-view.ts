/** What a deployed stage is asked of the account's services, beyond what its API shows. */

/** One replica of a table, as DynamoDB describes it in its own region. */
export interface ReplicaFacts {
  readonly status: string;
  readonly hasStream: boolean;
  readonly isProtected: boolean;
  readonly recoversToAnySecond: boolean;
  /** ARN of the key it is encrypted with; `undefined` for a key of AWS. */
  readonly keyArn: string | undefined;
}

/** What feeds a function from the table's stream. */
export interface MappingFacts {
  readonly functionName: string;
  readonly state: string;
  /** What Lambda says of the last batch: `OK`, `No records processed`, or a problem. */
  readonly lastResult: string;
}

export interface AlarmFacts {
  readonly name: string;
  readonly state: string;
}

export interface AccountView {
  replica(region: string, tableName: string): Promise<ReplicaFacts>;
  /** ARN of the key behind an alias. */
  keyBehind(region: string, alias: string): Promise<string>;
  /** What reads the stream of the table. */
  streamMappings(region: string, tableName: string): Promise<readonly MappingFacts[]>;
  /** Alarms whose names begin so. */
  alarms(region: string, prefix: string): Promise<readonly AlarmFacts[]>;
  secret(region: string, name: string): Promise<string>;
}
