import { createDependencies, createHttpDependencies, createListCursors } from '../runtime/dependencies.ts';
import { openTenantScope } from '../tenant-scope/dependencies.ts';

const dependencies = createDependencies();
export const scopeOf = openTenantScope('lists', dependencies);
export const nowMs = (): number => dependencies.clock.now();
export const http = createHttpDependencies('lists', dependencies);
export const cursors = createListCursors(dependencies);
