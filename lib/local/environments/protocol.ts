/** What an environment's thread is started with. */
export interface EnvironmentData {
  /** The module of the bundle, and the name of the function that it exports. */
  readonly modulePath: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMiB: number;
  /** One float: milliseconds by which the clock of the stack is ahead. */
  readonly clock: SharedArrayBuffer;
  /** One integer: invocations sent so far. The thread sleeps on it between invocations. */
  readonly invocations: SharedArrayBuffer;
  /** True: every line of output is passed on; false: only warnings and errors. */
  readonly allOutput: boolean;
}

/** One invocation, from the stack to the thread. */
export interface InvocationMessage {
  readonly event: unknown;
  readonly requestId: string;
  readonly timeoutMs: number;
}

/** An exception as Lambda reports it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: string;
}

/** From the thread to the stack. */
export type EnvironmentMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: FunctionError }
  | { readonly kind: 'notLoaded'; readonly error: FunctionError }
  | { readonly kind: 'output'; readonly line: string };
