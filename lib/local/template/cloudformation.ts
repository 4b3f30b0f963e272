/** The parts of a CloudFormation template that the embedded stack reads. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Output>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Output {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
}

/** A template of the Cloud Assembly, with the region it deploys to. */
export interface StackTemplate {
  readonly stackName: string;
  readonly region: string;
  readonly template: Template;
  /** Folder of an asset, by the key under which it would lie in the asset bucket (`<hash>.zip`). */
  readonly assets: ReadonlyMap<string, string>;
  /** Where queues are reached, once they are; a queue's URL begins with it. */
  readonly queueEndpoint?: string;
}

/** The account that DynamoDB Local, too, writes into its ARNs. */
export const LOCAL_ACCOUNT = '000000000000';

/** Something in a template that the embedded stack cannot run; the message starts with where it is. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
  }
}
