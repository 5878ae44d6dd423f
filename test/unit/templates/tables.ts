/** Rules about Data Tables: by name, made by the template itself, with columns that they have. */
import * as ids from '../../../templates/source/ids';
import type { Table } from '../../../templates/source/ids';
import { at, listAt, ofKind, textAt, type Rule } from './reading';

const TABLES: readonly Table[] = [ids.WAITING_PLANS, ids.ANSWERS, ids.OUTCOMES, ids.FEEDS, ids.FAILED_RUNS];
const OF_N8N = ['id', 'createdAt', 'updatedAt'];

export const tablesAreMade: Rule = (template) => {
	const made = ofKind(template, 'dataTable')
		.filter(({ parameters }) => parameters['resource'] === 'table')
		.map(({ parameters }) => textAt(parameters, 'tableName'));
	return ofKind(template, 'dataTable').flatMap(({ name, parameters }) => {
		if (parameters['resource'] === 'table')
			return at(parameters, 'options.createIfNotExists') === true ? [] : [`"${name}" makes its table only once.`];
		const table = textAt(parameters, 'dataTableId.value');
		return [
			...(textAt(parameters, 'dataTableId.mode') === 'name' ? [] : [`"${name}" does not name its table.`]),
			...(made.includes(table) ? [] : [`"${name}" uses the table "${table}", which the template does not make.`]),
		];
	});
};

export const columnsThatExist: Rule = (template) =>
	ofKind(template, 'dataTable').flatMap(({ name, parameters }) => {
		const wanted = textAt(parameters, 'dataTableId.value') || textAt(parameters, 'tableName');
		const table = TABLES.find((one) => one.name === wanted);
		if (!table) return [`"${name}" uses the table "${wanted}", which ids.ts does not have.`];
		const columns = [...OF_N8N, ...table.columns.map((column) => column.name)];
		const values = at(parameters, 'columns.value');
		const used = [
			...Object.keys(typeof values === 'object' && values !== null ? values : {}),
			...listAt(parameters, 'filters.conditions').map(({ keyName }) => String(keyName)),
			...listAt(parameters, 'columns.column').map((column) => String(column['name'])),
			...(parameters['orderBy'] === true ? [textAt(parameters, 'orderByColumn')] : []),
		];
		return used
			.filter((column) => !columns.includes(column))
			.map((column) => `"${name}" uses the column "${column}", which ${wanted} does not have.`);
	});
