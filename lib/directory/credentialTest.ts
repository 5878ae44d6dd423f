/** The credential's test, in steps: each says what it found, and the first that fails says what to do. */
import { openDirectory, type Directory, type DirectoryDependencies } from './directory';
import { describeError, DirectoryError, type ConnectionStage } from './errors';
import { describeRights } from './rights';
import type { Encryption } from './session';
import { parseSettings, type DirectorySettings } from './settings';

export type TestStep = {
	readonly name: string;
	readonly ok: boolean;
	/** It works, but somebody should look at it. */
	readonly warning?: true;
	readonly text: string;
};

type Answer = string | { readonly warning: string };
type Step = { readonly name: string; readonly run: () => Promise<Answer> | Answer };

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
			...STAGES.slice(0, Math.max(at, 0))
				.filter(({ stage }) => stage !== 'tls' || settings.security !== 'plain')
				.map(({ name, reached }) => passed(name, reached)),
			failed(STAGES[at]?.name ?? 'Reached', error),
		];
	}
	const done: TestStep[] = [];
	try {
		for (const { name, run } of stepsOnceOpen(directory, settings, dependencies.clock)) {
			try {
				done.push(passed(name, await run()));
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
const STAGES: readonly { readonly stage: ConnectionStage; readonly name: string; readonly reached: string }[] = [
	{ stage: 'reach', name: 'Reached', reached: 'the controller answers' },
	{ stage: 'tls', name: 'TLS', reached: 'the connection is encrypted' },
	{ stage: 'logon', name: 'Logon', reached: 'accepted' },
];

function stepsOnceOpen(directory: Directory, settings: DirectorySettings, clock: () => number): Step[] {
	const { logon, port } = settings;
	return [
		{ name: 'Reached', run: () => `${directory.controller() ?? ''} on port ${port}` },
		{ name: 'TLS', run: () => describeEncryption(directory.encryption(), settings, clock()) },
		{ name: 'Logon', run: () => (logon.by === 'password' ? `as ${logon.name}` : 'with the client certificate') },
		{
			name: 'Domain',
			run: async () => {
				const { name, controller, functionalLevel } = await directory.domain();
				return `${name} on ${controller}, a writable controller, functional level ${functionalLevel}`;
			},
		},
		{ name: 'Search Base', run: () => checkBase(directory) },
		{ name: 'Rights', run: async () => await describeRights(directory, await directory.searchBase()) },
		{
			name: 'Passwords',
			run: () => {
				const encryption = directory.encryption();
				return encryption
					? `${encryption.protocol} is good enough to set passwords`
					: {
							warning:
								'cannot be set, because the connection is not encrypted: creating and enabling accounts is refused',
						};
			},
		},
		{ name: 'Signing Key', run: () => (directory.signingKey(), 'is there') },
	];
}

async function checkBase(directory: Directory): Promise<string> {
	const base = await directory.searchBase();
	if (await directory.read(base, ['objectClass'])) return `${base} can be read`;
	throw new DirectoryError({
		kind: 'configuration',
		message: `The search base ${base} does not exist, or the service account cannot read it.`,
		whatToDo: 'Correct Search Base in the credential, or leave it empty for the whole domain.',
	});
}

function passed(name: string, answer: Answer): TestStep {
	return typeof answer === 'string'
		? { name, ok: true, text: answer }
		: { name, ok: true, warning: true, text: answer.warning };
}

/** @throws what is no DirectoryError: a defect, not an answer */
function failed(name: string, error: unknown): TestStep {
	if (!(error instanceof DirectoryError)) throw error;
	return { name, ok: false, text: `${error.message} ${describeError(error)}` };
}

/** A certificate that ends sooner is told in time to be renewed. */
const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

function describeEncryption(
	encryption: Encryption | undefined,
	{ ignoreCertificate }: DirectorySettings,
	now: number,
): Answer {
	if (!encryption)
		return { warning: 'NOT encrypted, Allow Unencrypted is on: the bind password and all data can be read on the way' };
	const { protocol, certificate } = encryption;
	if (!certificate.subject) return { warning: `${protocol}; the controller showed no certificate` };
	const name = (part: Encryption['certificate']['subject'] | undefined) =>
		[part?.CN, part?.O].flat().filter(Boolean).join(', ') || 'no name';
	const days = Math.floor((Date.parse(certificate.valid_to) - now) / DAY_MS);
	const end = days < 0 ? ', EXPIRED' : days < SOON_DAYS ? `, ONLY ${days} MORE DAYS` : '';
	const verified = ignoreCertificate ? 'NOT verified: Ignore Certificate is on' : 'verified';
	const text = `${protocol}; certificate of ${name(certificate.subject)}, issued by ${name(certificate.issuer)}, valid until ${certificate.valid_to}${end} (${verified})`;
	return end || ignoreCertificate ? { warning: text } : text;
}
