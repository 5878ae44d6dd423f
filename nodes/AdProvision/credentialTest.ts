/** n8n's test of the credential, for every node that uses it. */
import { randomInt } from 'node:crypto';
import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { testCredential, type TestStep } from '../../lib/directory/credentialTest';

/** Each step with its answer. */
export async function adLdapApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const steps = await testCredential(credential.data ?? {}, {
		randomInt: (below) => randomInt(below),
		clock: () => Date.now(),
	});
	return {
		status: steps.every(({ ok }) => ok) ? 'OK' : 'Error',
		// n8n shows it as one paragraph: the mark in front of each step is what parts them.
		message: steps.map((step) => `${markOf(step)} ${step.name}: ${step.text}`).join(' · '),
	};
}

function markOf({ ok, warning }: TestStep): string {
	if (warning) return '⚠';
	return ok ? '✓' : '✗';
}
