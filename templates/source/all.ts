/** The templates, children first: the order in which they are imported and published. */
import type { Template } from './flow.ts';

/** By file name, without `.json`. */
export const TEMPLATES: Readonly<Record<string, Template>> = {};
