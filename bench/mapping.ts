/**
 * `npm run bench:mapping`: this package's Attribute Map and n8n's Edit Fields with the same twenty expressions, on the same people, in one run on
 * one machine, each in a process of its own in n8n's engine, warmed up, median of five. The last line is JSON with ratios.
 */
import { inOwnProcess, median, round } from './measure';
import type { Engine, MeasuredSize } from './mapping-contender';
import type { Case } from './mapping-parameters';

const RUNS = 5;

type Side = { readonly title: string; readonly side: Case; readonly engine: Engine; readonly sizes: readonly number[] };

/** Against n8n's older engine, which it may still be told to use: its default is several times slower, and is measured for the table alone. */
const EDIT_FIELDS_DEFAULT: Side = {
	title: 'Edit Fields, 20 expressions, default engine',
	side: 'editFields',
	engine: 'vm',
	sizes: [1000],
};
/** It takes minutes for more. */
const EDIT_FIELDS: Side = {
	title: 'Edit Fields, 20 expressions, older engine',
	side: 'editFields',
	engine: 'legacy',
	sizes: [1000, 10_000],
};
const READS: Side = {
	title: 'Attribute Map, 20 field reads',
	side: 'reads',
	engine: 'vm',
	sizes: [1000, 10_000, 100_000],
};
const FORMATS: Side = {
	title: 'Attribute Map, 10 reads, 10 formats, 4 names',
	side: 'formats',
	engine: 'vm',
	sizes: [1000, 10_000, 100_000],
};

type Costs = ReadonlyMap<number, { readonly cost: number; readonly heapBytes: number }>;

async function measure({ title, side, engine, sizes }: Side, modules: string): Promise<Costs> {
	const results = await inOwnProcess<MeasuredSize[]>(
		'mapping-contender.ts',
		[side, engine, sizes.join(','), String(RUNS), modules],
		{ flags: ['--max-old-space-size=6144'] },
	);
	const measured = new Map<number, { cost: number; heapBytes: number }>();
	for (const { people, costs, heapBytes } of results) {
		const cost = median(costs);
		measured.set(people, { cost, heapBytes });
		const columns = [
			title.padEnd(45),
			`${people.toLocaleString('en-GB').padStart(7)} people`,
			`${cost.toFixed(1).padStart(7)} µs each`,
			`${Math.round(heapBytes).toLocaleString('en-GB').padStart(6)} bytes kept of each`,
		];
		console.log(columns.join('  '));
	}
	return measured;
}

function at(costs: Costs, people: number): { readonly cost: number; readonly heapBytes: number } {
	const found = costs.get(people);
	if (!found) throw new Error(`There is no measurement of ${people} people.`);
	return found;
}

async function main([modules = '']: readonly string[]): Promise<void> {
	await measure(EDIT_FIELDS_DEFAULT, modules);
	const editFields = await measure(EDIT_FIELDS, modules);
	const reads = await measure(READS, modules);
	const formats = await measure(FORMATS, modules);
	const growth = (costs: Costs) => at(costs, 100_000).cost / at(costs, 1000).cost;
	const ratios = {
		speedVsEditFields: round(at(editFields, 10_000).cost / at(reads, 10_000).cost),
		speedWithFormatsVsEditFields: round(at(editFields, 10_000).cost / at(formats, 10_000).cost),
		costGrowth: round(Math.max(growth(reads), growth(formats))),
	};
	const heapBytesPerRecord = Math.round(Math.max(at(reads, 100_000).heapBytes, at(formats, 100_000).heapBytes));
	console.log(JSON.stringify({ bench: 'mapping', ratios, heapBytesPerRecord }));
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
