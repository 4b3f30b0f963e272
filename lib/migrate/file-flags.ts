import * as z from 'zod';
import { FORMATS } from './read-records.ts';

/** The flags that name a file of another system. */
export const fromFlag = z.enum(FORMATS, { error: `must be one of ${FORMATS.join(', ')}` });

export const fileFlag = z.string({ error: 'is needed' }).min(1, 'must name a file');
