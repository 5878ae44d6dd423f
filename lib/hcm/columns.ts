/** What a builder can choose from: the paths that a reply and its records have. A field that no path can name is not offered. */
import { compilePath, PathError, placeNames } from '../json/path';

export type Column = { readonly path: string; /** A value found there, cut short. */ readonly example: string };

const DEEPEST = 4;
const MOST = 400;
const EXAMPLE = 40;

/** @returns every path to a plain value in the records, in the order of their first appearance, lists by their first entry */
export function columnsOf(records: readonly unknown[]): Column[] {
	const found = new Map<string, string>();
	const visit = (value: unknown, path: string, depth: number): void => {
		if (found.size >= MOST) return;
		if (typeof value === 'object' && value !== null) {
			if (depth >= DEEPEST) return;
			if (Array.isArray(value)) {
				if (value.length > 0) visit(value[0], `${path}[0]`, depth + 1);
				else found.set(path, found.get(path) ?? '');
			} else for (const [name, inside] of Object.entries(value)) visit(inside, pathTo(path, name), depth + 1);
			return;
		}
		if (path !== '' && (found.get(path) ?? '') === '') found.set(path, shown(value));
	};
	for (const record of records) visit(record, '', 0);
	return [...found].filter(([path]) => canBeRead(path)).map(([path, example]) => ({ path, example }));
}

/** @returns every path to a list of objects in a reply: where its records may stand; '$' = the reply itself */
export function listsOf(body: unknown): Column[] {
	const lists: Column[] = [];
	const visit = (value: unknown, path: string, depth: number): void => {
		if (typeof value !== 'object' || value === null || depth > DEEPEST || lists.length >= MOST) return;
		if (Array.isArray(value)) {
			const objects = value.length === 0 || value.some((entry) => typeof entry === 'object' && entry !== null);
			if (objects)
				lists.push({ path: path || '$', example: `${value.length} ${value.length === 1 ? 'entry' : 'entries'}` });
			return;
		}
		for (const [name, inside] of Object.entries(value)) visit(inside, pathTo(path, name), depth + 1);
	};
	visit(body, '', 0);
	return lists.filter(({ path }) => canBeRead(path));
}

/** Names with a backslash or both kinds of quotes, those that every object has, and what is too long. */
function canBeRead(path: string): boolean {
	try {
		compilePath(path);
		return path === '$' || placeNames(path).length > 0;
	} catch (error) {
		if (error instanceof PathError) return false;
		throw error;
	}
}

/** A name that is more than letters is quoted, so that its dots are no steps; "$" alone would be the root. */
function pathTo(path: string, name: string): string {
	if (name !== '$' && /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(name)) return path === '' ? name : `${path}.${name}`;
	const quote = name.includes("'") ? '"' : "'";
	return `${path}[${quote}${name}${quote}]`;
}

function shown(value: unknown): string {
	if (value === null || value === undefined) return '';
	const text = (typeof value === 'string' ? value : JSON.stringify(value)).replace(/[\p{Cc}\s]+/gu, ' ').trim();
	return text.length > EXAMPLE ? `${text.slice(0, EXAMPLE - 1)}…` : text;
}
