import fc from 'fast-check';
import type { DesiredAccount } from '../../../lib/contracts';
import { whyNoDesiredAccount } from '../../../lib/desiredAccount';

const ACCOUNT: DesiredAccount = {
	formatVersion: 1,
	key: '1042',
	previousKeys: [],
	displayName: 'Ada Lovelace',
	lifecycle: 'active',
	attributes: {
		department: 'Engineering',
		title: null,
		url: ['a', 'b'],
		thumbnailPhoto: { base64: 'AAEC' },
		manager: { by: 'employeeID', value: '1' },
	},
	createOnly: ['title'],
	fillOnly: [],
	names: {
		cn: { candidates: ['Ada Lovelace'] },
		sAMAccountName: {
			candidates: ['alovelace'],
			counter: { base: 'alovelace', start: 2, width: 1, limit: 99, maxLength: 20 },
		},
	},
	review: [],
	ou: 'OU=People,DC=x',
	groups: [],
	managedGroups: [],
	startsAt: null,
	endsAt: null,
};
const counter = { base: 'a', start: 1, width: 1, limit: 9, maxLength: 20 };

describe('an item', () => {
	test('is a desired account when it has all of one', () => {
		expect(whyNoDesiredAccount(ACCOUNT)).toBeUndefined();
		expect(whyNoDesiredAccount(JSON.parse(JSON.stringify(ACCOUNT)))).toBeUndefined();
	});

	test.each(['active', 'away', 'leaver'])('may be of the lifecycle %s', (lifecycle) => {
		expect(whyNoDesiredAccount({ ...ACCOUNT, lifecycle })).toBeUndefined();
	});

	test.each<[wrong: Record<string, unknown>, reason: string]>([
		[{ formatVersion: 2 }, 'its formatVersion is not 1'],
		[{ formatVersion: '1' }, 'its formatVersion is not 1'],
		[{ formatVersion: undefined }, 'its formatVersion is not 1'],
		[{ key: 1042 }, 'its key is not text'],
		[{ key: undefined }, 'its key is not text'],
		[{ key: '' }, 'its key is empty'],
		[{ displayName: null }, 'its displayName is not text'],
		[{ ou: {} }, 'its ou is not text'],
		[{ lifecycle: 'joiner' }, 'its lifecycle is not active, away or leaver'],
		[{ lifecycle: undefined }, 'its lifecycle is not active, away or leaver'],
		[{ lifecycle: { toString: '' } }, 'its lifecycle is not active, away or leaver'],
		[{ lifecycle: ['active'] }, 'its lifecycle is not active, away or leaver'],
		[{ createOnly: undefined }, 'its createOnly is not a list of attribute names'],
		[{ createOnly: 'title' }, 'its createOnly is not a list of attribute names'],
		[{ fillOnly: [1] }, 'its fillOnly is not a list of attribute names'],
		[{ attributes: undefined }, 'its attributes are not an object'],
		[{ attributes: [] }, 'its attributes are not an object'],
		[{ attributes: { title: 1 } }, 'its attribute title is neither'],
		[{ attributes: { title: true } }, 'its attribute title is neither'],
		[{ attributes: { title: {} } }, 'its attribute title is neither'],
		[{ attributes: { title: ['a', null] } }, 'its attribute title is neither'],
		[{ attributes: { title: [['a']] } }, 'its attribute title is neither'],
		[{ attributes: { title: { base64: 1 } } }, 'its attribute title is neither'],
		[{ attributes: { title: { by: 'employeeID' } } }, 'its attribute title is neither'],
		[{ attributes: { title: { by: 'employeeID', value: 1 } } }, 'its attribute title is neither'],
		[{ names: null }, 'its names are not an object'],
		[{ names: [] }, 'its names are not an object'],
		[{ names: { cn: 'Ada' } }, 'its name ladder for cn is broken'],
		[{ names: { cn: {} } }, 'its name ladder for cn is broken'],
		[{ names: { cn: { candidates: 'Ada' } } }, 'its name ladder for cn is broken'],
		[{ names: { cn: { candidates: [1] } } }, 'its name ladder for cn is broken'],
		[{ names: { cn: { candidates: [], counter: null } } }, 'its name ladder for cn is broken'],
		[{ names: { cn: { candidates: [], counter: { ...counter, base: 1 } } } }, 'its name ladder for cn is broken'],
		[{ names: { cn: { candidates: [], counter: { ...counter, limit: '9' } } } }, 'its name ladder for cn is broken'],
		[{ names: { cn: { candidates: [], counter: { ...counter, width: 1.5 } } } }, 'its name ladder for cn is broken'],
	])('is none with %j: %s', (wrong, reason) => {
		expect(whyNoDesiredAccount({ ...ACCOUNT, ...wrong })).toContain(reason);
	});

	test.each([null, undefined, 'text', 1, [], [ACCOUNT]])('is none when it is %j', (value) => {
		expect(whyNoDesiredAccount(value)).toBe('it is not an object');
	});

	test('of any kind gets an answer', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(ACCOUNT)), (value, field) => {
				expect(whyNoDesiredAccount(value)).toEqual(expect.any(String));
				expect(['undefined', 'string']).toContain(typeof whyNoDesiredAccount({ ...ACCOUNT, [field]: value }));
			}),
		);
	});
});
