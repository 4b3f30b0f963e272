/** What a caller must know of an error code. */
export interface ProblemKind {
  readonly status: number;
  /** The same for every problem of the kind (RFC 9457). */
  readonly title: string;
  readonly meaning: string;
  /** Whether the same request may succeed later, as it is. */
  readonly retryable: boolean;
  /** What to do. */
  readonly action: string;
}
