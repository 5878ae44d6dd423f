/** Settings that are checked before anybody is mapped. */
import { checkZone } from './dates';
import { MappingSettingsError } from './parameters';
import { compileTable, TableSettingsError, type TableSettings, type ValueTable } from './valueTable';

/** @throws MappingSettingsError */
export function tableOf(settings: TableSettings | undefined, parameter: string): ValueTable | undefined {
	if (!settings) return undefined;
	try {
		return compileTable(settings);
	} catch (error) {
		if (error instanceof TableSettingsError)
			throw new MappingSettingsError(
				`${parameter}, Value Table`,
				error.message,
				'Write one row a line, as from;to, or JSON such as {"from": "to"}.',
			);
		throw error;
	}
}

/** @throws MappingSettingsError */
export function refuseZone(zone: string, parameter: string): void {
	const reason = checkZone(zone);
	if (reason) throw new MappingSettingsError(parameter, reason, 'Enter a name such as Europe/Berlin.');
}
