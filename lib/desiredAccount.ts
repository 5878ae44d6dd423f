/** Whether something that came in as an item is the account that Attribute Map makes. */

/**
 * @param value any JSON
 * @returns the first thing that is wrong, as the end of a sentence; undefined when it is a DesiredAccount
 */
export function whyNoDesiredAccount(value: unknown): string | undefined {
	if (!isObject(value)) return 'it is not an object';
	if (value['formatVersion'] !== 1) return 'its formatVersion is not 1';
	for (const name of ['key', 'displayName', 'ou'] as const) {
		if (typeof value[name] !== 'string') return `its ${name} is not text`;
	}
	if (value['key'] === '') return 'its key is empty';
	const { lifecycle } = value;
	if (lifecycle !== 'active' && lifecycle !== 'away' && lifecycle !== 'leaver')
		return 'its lifecycle is not active, away or leaver';
	for (const name of ['createOnly', 'fillOnly'] as const) {
		if (!isTextList(value[name])) return `its ${name} is not a list of attribute names`;
	}
	const { attributes, names } = value;
	if (!isObject(attributes)) return 'its attributes are not an object';
	for (const [attribute, wanted] of Object.entries(attributes)) {
		const values: readonly unknown[] = wanted === null ? [] : Array.isArray(wanted) ? wanted : [wanted];
		if (!values.every(isAttributeValue))
			return `its attribute ${attribute} is neither text, base64, a person, a list of these, nor null`;
	}
	if (!isObject(names)) return 'its names are not an object';
	for (const [attribute, ladder] of Object.entries(names)) {
		if (!isObject(ladder) || !isTextList(ladder['candidates']) || !isCounter(ladder['counter']))
			return `its name ladder for ${attribute} is broken`;
	}
	return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): boolean {
	return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function isAttributeValue(value: unknown): boolean {
	if (typeof value === 'string') return true;
	if (!isObject(value)) return false;
	return typeof value['base64'] === 'string' || (typeof value['by'] === 'string' && typeof value['value'] === 'string');
}

function isCounter(value: unknown): boolean {
	if (value === undefined) return true;
	if (!isObject(value) || typeof value['base'] !== 'string') return false;
	return ['start', 'width', 'limit', 'maxLength'].every((name) => Number.isInteger(value[name]));
}
