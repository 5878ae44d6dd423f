import { parseSettings } from '../../../../lib/directory/settings';
import { catalogueSettings } from '../../../../lib/provisioning/source/catalogue';

const fields = {
	...{ domainControllers: 'dc1.corp.example.com dc2', bindName: 'svc', bindPassword: 'x', baseDn: 'OU=People,DC=x' },
	...{ connectTimeout: 60, operationTimeout: 120 },
};

describe('the global catalogue', () => {
	test.each<[security: string, port: number, expected: number]>([
		['ldaps', 636, 3269],
		['startTls', 389, 3268],
		['plain', 389, 3268],
		['ldaps', 10_636, 13_269],
		['ldaps', 65_000, 3269],
	])('is asked on its own port: %s on %i, %i', (security, port, expected) => {
		const settings = parseSettings({ ...fields, security, port, allowUnencrypted: true });
		expect(catalogueSettings(settings)).toEqual({
			...settings,
			...{ port: expected, baseDn: '', connectTimeoutMs: 3000, operationTimeoutMs: 15_000 },
		});
	});

	test('is waited for no longer than the directory itself', () => {
		const settings = parseSettings({ ...fields, connectTimeout: 1, operationTimeout: 2 });
		expect(catalogueSettings(settings)).toMatchObject({ connectTimeoutMs: 1000, operationTimeoutMs: 2000 });
	});
});
