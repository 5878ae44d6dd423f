/** The credential's test, in steps: each says what it found, and the first that fails says what to do. */
import type { PeerCertificate } from 'node:tls';
import { openDirectory, type DirectoryDependencies } from './directory';
import { describeError, DirectoryError } from './errors';
import { parseSettings } from './settings';

export type TestStep = { readonly name: string; readonly ok: boolean; readonly text: string };

/**
 * @param fields decrypted credential fields by name
 * @returns the steps up to the first that failed. Nothing is written, and no secret stands in a text.
 */
export async function testCredential(
	fields: Readonly<Record<string, unknown>>,
	dependencies: DirectoryDependencies,
): Promise<TestStep[]> {
	const steps: TestStep[] = [];
	const attempt = async (name: string, work: () => Promise<string> | string): Promise<void> => {
		steps.push({ name, ok: true, text: await work() });
	};
	let current = 'Fields';
	let close: () => Promise<void> = () => Promise.resolve();
	try {
		const settings = parseSettings(fields);
		const directory = openDirectory(settings, dependencies);
		close = directory.close;
		current = 'Reached';
		// The first read connects and binds; openSession tells an unreachable controller, a bad certificate and a refused logon apart.
		await directory.read('', ['dnsHostName']);
		await attempt('Reached', () => `${directory.controller() ?? ''} on port ${settings.port}`);
		await attempt('TLS', () => describeCertificate(directory.certificate(), settings.ignoreCertificate));
		await attempt('Logon', () => `as ${settings.bindName}`);
		current = 'Domain';
		const domain = await directory.domain();
		await attempt('Domain', () => `${domain.name} on ${domain.controller}, functional level ${domain.functionalLevel}`);
		current = 'Search Base';
		const base = await directory.searchBase();
		await attempt('Search Base', async () => {
			if (await directory.read(base, ['objectClass'])) return `${base} can be read`;
			throw new DirectoryError({
				kind: 'configuration',
				message: `The search base ${base} does not exist, or the service account cannot read it.`,
				whatToDo: 'Correct Search Base in the credential, or leave it empty for the whole domain.',
			});
		});
		current = 'Signing Key';
		await attempt('Signing Key', () => (directory.signingKey(), 'is there'));
	} catch (error) {
		if (!(error instanceof DirectoryError)) throw error;
		steps.push({ name: current, ok: false, text: `${error.message} ${describeError(error)}` });
	} finally {
		await close();
	}
	return steps;
}

function describeCertificate(certificate: PeerCertificate | undefined, ignored: boolean): string {
	if (!certificate?.subject) return 'the controller showed no certificate';
	const name = (part: PeerCertificate['subject'] | undefined) =>
		[part?.CN, part?.O].flat().filter(Boolean).join(', ') || 'no name';
	return `${name(certificate.subject)}, issued by ${name(certificate.issuer)}, valid until ${certificate.valid_to}${ignored ? ' (NOT verified: Ignore Certificate is on)' : ''}`;
}
