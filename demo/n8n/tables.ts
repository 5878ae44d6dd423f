/** n8n's Data Tables, read as the editor reads them. */
import type { N8nClient } from './client.ts';

/** As n8n stores a row: dates as ISO text, and three columns of its own. */
export type Row = Readonly<Record<string, string | number | boolean | null>> & {
	readonly id: number;
	readonly createdAt: string;
	readonly updatedAt: string;
};

type Page<T> = { readonly count: number; readonly data: readonly T[] };
type Equal = Readonly<Record<string, string | number | boolean>>;
const PAGE = 250;

/**
 * The rows of the owner's table of this name, oldest first.
 * @param equal columns and what they hold; left out = all rows
 * @returns none when there is no such table yet: a template makes its tables in its first run
 */
export async function tableRows(client: N8nClient, name: string, equal: Equal = {}): Promise<Row[]> {
	const project = (await client.request('GET', '/projects/personal')) as { readonly id: string };
	const tables = `/projects/${project.id}/data-tables`;
	const byName = new URLSearchParams({ filter: JSON.stringify({ name }) });
	const found = (await client.request('GET', `${tables}?${byName.toString()}`)) as Page<{ id: string; name: string }>;
	const table = found.data.find((one) => one.name === name);
	if (!table) return [];
	const filters = Object.entries(equal).map(([columnName, value]) => ({ columnName, condition: 'eq', value }));
	const rows: Row[] = [];
	for (;;) {
		const query = new URLSearchParams({
			...{ take: String(PAGE), skip: String(rows.length), sortBy: 'id:asc' },
			...(filters.length > 0 ? { filter: JSON.stringify({ type: 'and', filters }) } : {}),
		});
		const page = (await client.request('GET', `${tables}/${table.id}/rows?${query.toString()}`)) as Page<Row>;
		rows.push(...page.data);
		if (page.data.length < PAGE) return rows;
	}
}
