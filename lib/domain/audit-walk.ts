/** Where the audit of a region has got to: it looks at every stock that is at home there, a slice a run. */
export interface AuditWalk {
  readonly region: string;
  /** Page of the walk that is next; absent at the start of a walk. */
  readonly after?: string;
  /** Products of that page that have been looked at; absent at the start of a page. */
  readonly done?: number;
  readonly startedAtMs: number;
  /** When the walk before this one had come to its end. */
  readonly finishedAtMs?: number;
  readonly version: number;
}
