import { parseGroupType } from '../../../lib/directory/groups/getMany';

describe('groupType', () => {
	test.each([
		['-2147483646', 'global', 'security'],
		['2147483650', 'global', 'security'],
		['-2147483643', 'domainLocal', 'security'],
		['8', 'universal', 'distribution'],
		['', 'unknown', 'distribution'],
		['1e9', 'unknown', 'distribution'],
		['0x80000002', 'unknown', 'distribution'],
	])('%s is %s and %s', (text, scope, type) => {
		expect(parseGroupType(text)).toEqual({ scope, type });
	});
});
