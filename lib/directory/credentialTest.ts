/** The credential's test, in steps: each says what it found, and the first that fails says what to do. */
import { openDirectory, type Directory, type DirectoryDependencies } from './directory';
import { describeError, DirectoryError, type ConnectionStage } from './errors';
import type { Encryption } from './session';
import { parseSettings, type DirectorySettings } from './settings';

export type TestStep = { readonly name: string; readonly ok: boolean; readonly text: string };

type Step = { readonly name: string; readonly run: () => Promise<string> | string };

/**
 * @param fields decrypted credential fields by name
 * @returns the steps up to the first that failed. Nothing is written, and no secret stands in a text.
 */
export async function testCredential(
	fields: Readonly<Record<string, unknown>>,
	dependencies: DirectoryDependencies,
): Promise<TestStep[]> {
	let settings: DirectorySettings;
	try {
		settings = parseSettings(fields);
	} catch (error) {
		return [failed('Fields', error)];
	}
	const directory = openDirectory(settings, dependencies);
	try {
		// The first read connects and logs on; its fault says how far that came.
		await directory.read('', ['dnsHostName']);
	} catch (error) {
		await directory.close();
		const at = error instanceof DirectoryError ? STAGES.findIndex(({ stage }) => stage === error.stage) : 0;
		return [
			...STAGES.slice(0, Math.max(at, 0)).map(({ name, passed }) => ({ name, ok: true, text: passed })),
			failed(STAGES[at]?.name ?? 'Reached', error),
		];
	}
	const done: TestStep[] = [];
	try {
		for (const { name, run } of stepsOnceOpen(directory, settings)) {
			try {
				done.push({ name, ok: true, text: await run() });
			} catch (error) {
				return [...done, failed(name, error)];
			}
		}
		return done;
	} finally {
		await directory.close();
	}
}

/** Opening a connection, in its order, with what can be said of a stage once a later one fails. */
const STAGES: readonly { readonly stage: ConnectionStage; readonly name: string; readonly passed: string }[] = [
	{ stage: 'reach', name: 'Reached', passed: 'the controller answers' },
	{ stage: 'tls', name: 'TLS', passed: 'the connection is encrypted' },
	{ stage: 'logon', name: 'Logon', passed: 'accepted' },
];

function stepsOnceOpen(directory: Directory, settings: DirectorySettings): Step[] {
	return [
		{ name: 'Reached', run: () => `${directory.controller() ?? ''} on port ${settings.port}` },
		{ name: 'TLS', run: () => describeEncryption(directory.encryption(), settings.ignoreCertificate) },
		{ name: 'Logon', run: () => `as ${settings.bindName}` },
		{
			name: 'Domain',
			run: async () => {
				const { name, controller, functionalLevel } = await directory.domain();
				return `${name} on ${controller}, functional level ${functionalLevel}`;
			},
		},
		{
			name: 'Search Base',
			run: async () => {
				const base = await directory.searchBase();
				if (await directory.read(base, ['objectClass'])) return `${base} can be read`;
				throw new DirectoryError({
					kind: 'configuration',
					message: `The search base ${base} does not exist, or the service account cannot read it.`,
					whatToDo: 'Correct Search Base in the credential, or leave it empty for the whole domain.',
				});
			},
		},
		{ name: 'Signing Key', run: () => (directory.signingKey(), 'is there') },
	];
}

/** @throws what is no DirectoryError: a defect, not an answer */
function failed(name: string, error: unknown): TestStep {
	if (!(error instanceof DirectoryError)) throw error;
	return { name, ok: false, text: `${error.message} ${describeError(error)}` };
}

function describeEncryption(encryption: Encryption | undefined, ignored: boolean): string {
	if (!encryption?.certificate.subject) return 'the controller showed no certificate';
	const { protocol, certificate } = encryption;
	const name = (part: Encryption['certificate']['subject'] | undefined) =>
		[part?.CN, part?.O].flat().filter(Boolean).join(', ') || 'no name';
	const verified = ignored ? 'NOT verified: Ignore Certificate is on' : 'verified';
	return `${protocol}, good enough to set passwords; certificate of ${name(certificate.subject)}, issued by ${name(certificate.issuer)}, valid until ${certificate.valid_to} (${verified})`;
}
