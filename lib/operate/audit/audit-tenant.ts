/** Audits every product of a tenant through the API. */
import * as z from 'zod';
import type { Clock } from '../../application/ports.ts';
import type { Progress } from '../../command-line/progress.ts';
import { auditEach, type FailedAudit } from '../../replay/audit-skus.ts';
import { read } from '../../replay/http/answers.ts';
import type { PatientClient } from '../../replay/http/patient-client.ts';
import { listSkus } from '../list-skus.ts';

/** Wrong at two looks in a row: what one look shows may be finished by the next. */
const LOOKS = 2;

const audit = z.object({ ok: z.boolean(), stable: z.boolean(), violations: z.array(z.string()) });

type Audit = z.infer<typeof audit>;

export interface TenantAudit {
  readonly checked: number;
  /** Products whose books do not agree. */
  readonly drifts: readonly FailedAudit[];
  /** Products that changed all the time, so that nobody can tell. */
  readonly unsettled: readonly string[];
  readonly ok: boolean;
}

export interface AuditWorld {
  readonly client: PatientClient;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly progress: Progress;
  /** How long what may pass is looked at again. @default as the replay's audit */
  readonly unfinishedMaxMs?: number;
}

function objectionsTo({ ok, violations }: Audit): readonly string[] {
  if (ok) return [];
  return violations.length > 0 ? violations : ['the audit is not ok and does not say why'];
}

/** Audits all products whose sku begins so. */
export async function auditTenant(
  { client, clock, progress, unfinishedMaxMs }: AuditWorld,
  { prefix, concurrency }: { readonly prefix: string; readonly concurrency: number },
): Promise<TenantAudit> {
  const skus = await listSkus(client, prefix);
  const restless = new Set<string>();
  progress.start('Products', skus.length);
  const failed = await auditEach<Audit>(
    {
      audit: async (sku) => {
        const path = `/audit?sku=${encodeURIComponent(sku)}`;
        const found = await read(client, 'audit', { path, schema: audit });
        if (found.stable) restless.delete(sku);
        else restless.add(sku);
        return found;
      },
      objectionsTo,
      mayPass: ({ stable }, looks) => !stable || looks < LOOKS,
      clock,
    },
    skus,
    { concurrency, onAudited: () => progress.advance(), unfinishedMaxMs },
  );
  progress.end();
  const drifts = failed.filter(({ sku }) => !restless.has(sku));
  const unsettled = failed.map(({ sku }) => sku).filter((sku) => restless.has(sku));
  return { checked: skus.length - unsettled.length, drifts, unsettled, ok: drifts.length === 0 };
}
