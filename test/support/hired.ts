/** People of one scenario in JumpCloud: names and keys that no other scenario has, for they are unique in the whole domain. */
import { createHash } from 'node:crypto';
import { seedPeople, type JumpCloudUser } from '../../demo/jumpcloud/people.ts';

const [MODEL] = seedPeople({ seed: 20_261_123, count: 60 }).filter(
	({ state, employeeIdentifier }) => state === 'ACTIVATED' && employeeIdentifier,
);

/**
 * Active people in full order, without a manager.
 * @param scenario a short name in small letters, part of every name and key
 * @param changes of each, by its place from 1
 */
export function hired(
	scenario: string,
	count: number,
	changes: (number: number) => Partial<JumpCloudUser> = () => ({}),
): JumpCloudUser[] {
	if (!MODEL) throw new Error('There is nobody to copy.');
	const { manager: _manager, ...model } = MODEL;
	return Array.from({ length: count }, (_, index) => {
		const number = index + 1;
		const _id = createHash('sha1').update(`${scenario} ${number}`).digest('hex').slice(0, 24);
		const lastname = `${scenario[0]?.toUpperCase() ?? ''}${scenario.slice(1)}${number}`;
		const username = `ada.${scenario}${number}`;
		return {
			...model,
			...{ _id, id: _id, username, email: `${username}@corp.example.com` },
			employeeIdentifier: `${scenario.toUpperCase()}${String(number).padStart(3, '0')}`,
			...{ firstname: 'Ada', lastname, displayname: `Ada ${lastname}` },
			...changes(number),
		};
	});
}
