/** Hostile text in every field of a record. */
import { whyNoDesiredAccount } from '../../../lib/desiredAccount';
import type { HcmRecord } from '../../../lib/contracts';
import { compileMapping } from '../../../lib/mapping/map';
import { parseDn } from '../../../lib/schema/dn';
import {
	attribute,
	execute,
	field,
	format,
	giving,
	ladder,
	mapped,
	rules,
	settings,
	kind,
} from '../../support/mapping';
import { NAUGHTY } from '../../support/naughty';

describe('a poisoned string in any field', () => {
	const FIELDS = [
		'id',
		'first',
		'last',
		'mail',
		'phone',
		'country',
		'boss',
		'site',
		'team',
		'start',
		'badge',
		'flag',
		'proxy',
	];
	const HEALTHY: HcmRecord = {
		...{ id: 'K1', first: 'Ada', last: 'Lovelace', mail: 'ada@example.com', phone: '+44 20 7946 0000', country: 'GB' },
		...{
			boss: 'K2',
			site: 'HQ',
			team: 'Blue',
			start: '2026-01-01',
			badge: 'B7',
			flag: 'yes',
			proxy: 'ada@example.com',
		},
	};
	const { map } = compileMapping(
		settings({
			person: { key: format('${id}'), displayName: format('${first} ${last}'), country: format('${country}') },
			lifespan: { ...settings().lifespan, start: format('${start}') },
			attributes: [
				attribute('givenName', field('first')),
				attribute('sn', format('${last}')),
				attribute('displayName', format('${first} ${last | upcase}')),
				attribute('mail', field('mail')),
				attribute('proxyAddresses', format('${proxy}'), { separator: ';' }),
				attribute('telephoneNumber', field('phone')),
				attribute('c', field('country')),
				attribute('manager', field('boss')),
				attribute('acmeBadge', field('badge')),
				attribute('msExchHideFromAddressLists', field('flag')),
				attribute('homeDirectory', format('\\\\srv\\home\\${first | sam}')),
			],
			names: [
				ladder('sAMAccountName', format('${first | first_chars: 1}${last}')),
				ladder('userPrincipalName', format('${first}.${last}@corp.example.com')),
				ladder('cn', format('${first} ${last}')),
			],
			placement: {
				ou: format('OU=${site},DC=corp,DC=example'),
				ouRules: [],
				groups: format('CN=${team},OU=Groups,DC=corp,DC=example\n${team}'),
				groupRules: [],
			},
		}),
		execute,
	);

	test('is healthy when nothing is poisoned', () => {
		expect(rules({ rejected: { key: '', displayName: '', problems: [], record: {} } })).toEqual([]);
		expect(kind(map(HEALTHY, giving({})))).toBe('mapped');
	});

	test.each(FIELDS)('comes out clean, or is rejected with its reason: %s', (name) => {
		for (const poison of NAUGHTY) {
			const outcome = map({ ...HEALTHY, [name]: poison }, giving({}));
			if ('rejected' in outcome) {
				expect(outcome.rejected.problems.length).toBeGreaterThan(0);
				for (const { message, value } of outcome.rejected.problems) {
					expect(message).toMatch(/\S/);
					expect(value.length).toBeLessThanOrEqual(200);
				}
				continue;
			}
			const account = mapped(outcome);
			expect(whyNoDesiredAccount(account)).toBeUndefined();
			// Record and review apart, no control, invisible or half character leaves the node, and no name of another place.
			for (const text of textsIn({ ...account, review: [] })) {
				expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
				expect(text.isWellFormed()).toBe(true);
				expect(text).toBe(text.trim());
			}
			expect(parseDn(account.ou)).toHaveLength(3);
			for (const group of account.groups.filter((one) => one.startsWith('CN=') && one.includes('OU=Groups')))
				expect(parseDn(group)).toHaveLength(4);
		}
	});
});

function textsIn(value: unknown): readonly string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
