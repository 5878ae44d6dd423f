/** In which order endpoints are read. */
import { HcmError } from './errors';
import type { Endpoint } from './types';

/**
 * @returns the endpoints, each after the one it depends on
 * @throws HcmError for two of one name, a name that there is not, a circle, and for a feed whose first list of people is none
 */
export function orderEndpoints(endpoints: readonly Endpoint[]): Endpoint[] {
	const byName = new Map<string, Endpoint>();
	for (const endpoint of endpoints) {
		if (byName.has(endpoint.name))
			throw fault(endpoint, 'there are two endpoints of this name', 'Give each endpoint a name of its own.');
		byName.set(endpoint.name, endpoint);
	}
	const [first] = endpoints.filter(({ listOnly }) => !listOnly);
	if (!first)
		throw fault(endpoints[0], 'no endpoint gives people', "Switch off 'List Only' of the endpoint that lists them.");
	const ordered: Endpoint[] = [];
	const place = (endpoint: Endpoint, on: readonly string[]): void => {
		if (ordered.includes(endpoint)) return;
		const { name, dependsOn } = endpoint;
		if (on.includes(name))
			throw fault(endpoint, `it depends on itself (${[...on, name].join(' -> ')})`, "Correct 'Depends On'.");
		if (dependsOn !== '') {
			const parent = byName.get(dependsOn);
			if (!parent)
				throw fault(
					endpoint,
					`it depends on "${dependsOn}", which there is not`,
					"Enter the name of another endpoint in 'Depends On'.",
				);
			place(parent, [...on, name]);
		}
		ordered.push(endpoint);
	};
	for (const endpoint of endpoints) place(endpoint, []);
	return ordered;
}

function fault(endpoint: Endpoint | undefined, reason: string, whatToDo: string): HcmError {
	const name = endpoint?.name ?? '';
	return new HcmError(`Endpoint "${name}": ${reason}.`, { endpoint: name, page: 0, whatToDo });
}
