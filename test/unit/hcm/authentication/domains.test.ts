import { isDomainAllowed } from 'n8n-workflow';
import fc from 'fast-check';
import { domainRefusal, type DomainLimits } from '../../../../lib/hcm/authentication/domains';

const refused = (limits: DomainLimits, url: string, base: string | null = null) =>
	domainRefusal(limits, base)(new URL(url))?.reason;

describe("n8n's limits of a credential", () => {
	const listed = (allowedDomains: string): DomainLimits => ({ allowedHttpRequestDomains: 'domains', allowedDomains });

	test.each<[allowed: string, url: string, may: boolean]>([
		['hr.example', 'https://hr.example/people', true],
		['hr.example', 'https://hr.example:8443/people', true],
		[' a.example , HR.example. ', 'https://hr.EXAMPLE/people', true],
		['hr.example', 'https://hr.example./people', true],
		['hr.example', 'https://api.hr.example/', false],
		['hr.example', 'https://hr.example.evil.example/', false],
		['hr.example', 'https://evil-hr.example/', false],
		['hr.example', 'https://hr.example@evil.example/', false],
		['*.hr.example', 'https://api.hr.example/', true],
		['*.hr.example', 'https://hr.example/', false],
		['*.hr.example', 'https://evilhr.example/', false],
		['*.', 'https://hr.example/', false],
		['*', 'https://hr.example/', false],
		['', 'https://hr.example/', false],
	])('with the list %j let %s through: %s', (allowed, url, may) => {
		expect(refused(listed(allowed), url)).toBe(
			may ? undefined : `'Allowed Domains' of the credential does not list ${new URL(url).host}`,
		);
	});

	test('are read as n8n reads them, whatever the list and the host are', () => {
		const label = fc.constantFrom('a', 'b', 'hr', 'A');
		const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join('.')}.example`);
		const entry = fc
			.tuple(fc.constantFrom('', '*.', ' ', '*'), host, fc.constantFrom('', '.'))
			.map((parts) => parts.join(''));
		fc.assert(
			fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), host, (entries, name) => {
				const allowedDomains = entries.join(',');
				const url = `https://${name}/people`;
				expect(refused(listed(allowedDomains), url) === undefined).toBe(isDomainAllowed({ url, allowedDomains }));
			}),
		);
	});

	test.each(['all', undefined, '', 'anything'])('are none where the field says %j', (allowedHttpRequestDomains) => {
		expect(refused({ allowedHttpRequestDomains, allowedDomains: 'a.example' }, 'https://b.example/')).toBeUndefined();
	});

	test('that say None leave the Base URL, and nothing where there is none', () => {
		const none = { allowedHttpRequestDomains: 'none' };
		expect(refused(none, 'https://hr.example/', 'https://hr.example')).toBeUndefined();
		expect(refused(none, 'https://hr.example/')).toBe(
			"'Allowed HTTP Request Domains' of the credential is None, and it has no Base URL that would let it go to hr.example",
		);
	});
});
