import { createDependencies, createHttpDependencies, createListCursors } from '../runtime/dependencies.ts';
import { openTenantScope } from '../tenant-scope/dependencies.ts';

const dependencies = createDependencies();
export const scopeOf = openTenantScope('access', dependencies);
export const http = createHttpDependencies('access', dependencies);
export const cursors = createListCursors(dependencies);
