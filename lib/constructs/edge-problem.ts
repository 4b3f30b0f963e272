/** A problem that is answered in front of the functions: by the gateway or by the firewall. */
export interface EdgeProblem {
  readonly status: number;
  /** One of the codes in `docs/errors.md`; its status and title stand there. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** @default the client is not told when to try again */
  readonly retryAfterSeconds?: number;
}

/** The problem document (RFC 9457), with the members and in the order of those that the functions answer. */
export const edgeProblemBody = ({ status, code, title, detail }: EdgeProblem, requestId: string): string =>
  JSON.stringify({ type: `urn:holdfast:problem:${code}`, title, status, code, detail, requestId });
