import { parseLdif } from '../../../demo/samba/ldbsearch.ts';

describe('the reader of ldbsearch output', () => {
	test('reads values, encoded values and continued lines, and leaves comments and references out', () => {
		const text = [
			'# record 1',
			'dn:: Q049WsO8bGV5ZGU=',
			'cn:: WsO8bGV5ZGU=',
			'description: a long line that goes',
			'  on here',
			'memberOf: CN=A,DC=x',
			'memberOf: CN=B,DC=x',
			'',
			'# Referral',
			'ref: ldap:///CN=Configuration,DC=x',
			'',
			'# returned 2 records',
		].join('\n');
		expect(parseLdif(text)).toEqual([
			{
				dn: 'CN=Züleyde',
				attributes: {
					cn: ['Züleyde'],
					description: ['a long line that goes on here'],
					memberOf: ['CN=A,DC=x', 'CN=B,DC=x'],
				},
			},
		]);
	});

	test('finds no entry in an empty answer', () => {
		expect(parseLdif('# returned 0 records\n')).toEqual([]);
	});
});
