import { createDependencies, createHttpDependencies, createListCursors } from '../runtime/dependencies.ts';

export const dependencies = createDependencies();
export const http = createHttpDependencies('access', dependencies);
export const cursors = createListCursors(dependencies);
