/**
 * Tests of the credentials, by the same code that uses them. n8n gives such a test no egress filter (n8n-core, credentials-test-context.ts), as it gives
 * its own none beyond that of its request helper; who may edit credentials chooses these addresses.
 */
import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { testConnection, testJumpCloud, type TestResult } from '../../lib/hcm/credentialTest';
import { oauth2Authentication, type OAuth2Credential } from '../../lib/hcm/authentication/oauth2';
import { openTransport } from '../../lib/hcm/transport';
import type { HcmApiCredential } from '../../lib/hcm/authentication/hcmApi';
import type { JumpCloudCredential } from '../../lib/hcm/authentication/jumpCloud';
import { authenticationOf, certificateOf, credentialFault } from './connection';

type Test = (this: ICredentialTestFunctions, credential: ICredentialsDecrypted) => Promise<INodeCredentialTestResult>;

const TIME_OUT_MS = 20_000;
const MAX_REPLY_BYTES = 20_000_000;

async function tested(
	data: HcmApiCredential,
	test: (transport: ReturnType<typeof openTransport>) => Promise<TestResult>,
): Promise<INodeCredentialTestResult> {
	let transport: ReturnType<typeof openTransport> | undefined;
	try {
		transport = openTransport({
			timeoutMs: TIME_OUT_MS,
			maxReplyBytes: MAX_REPLY_BYTES,
			environment: process.env,
			...certificateOf(data),
		});
		const { ok, message } = await test(transport);
		return { status: ok ? 'OK' : 'Error', message };
	} catch (error) {
		const said = credentialFault(error);
		// Words of an error that nobody knows may hold a secret.
		if (!said) return { status: 'Error', message: 'The test broke off.' };
		return { status: 'Error', message: `${said.message} ${said.whatToDo}` };
	} finally {
		await transport?.close();
	}
}

const pathOf = ({ testPath }: Readonly<Record<string, unknown>>) =>
	typeof testPath === 'string' ? testPath.trim() : '';

const jumpCloudApiTest: Test = async (credential) => {
	const data = (credential.data ?? {}) as JumpCloudCredential;
	const as = data.authenticateWith === 'serviceAccount' ? 'account' : 'key';
	return await tested({}, ({ send }) => testJumpCloud(send, authenticationOf('jumpCloud', data, send), as));
};

const hcmApiTest: Test = async (credential) => {
	const data = (credential.data ?? {}) as HcmApiCredential;
	return await tested(data, ({ send }) => testConnection(send, authenticationOf('hcmApi', data, send), pathOf(data)));
};

/**
 * Not asked by n8n 2.41: for what builds on its OAuth2 it looks itself whether there is a token, before it looks for a test (credentials-tester.service.ts).
 * A `test` request in the credential would be asked, but always with the word Bearer, whatever prefix the product wants.
 */
const hcmOAuth2ApiTest: Test = async (credential) => {
	const data = (credential.data ?? {}) as OAuth2Credential & HcmApiCredential;
	return await tested(data, ({ send }) => {
		const means = oauth2Authentication(data, () => Promise.reject(new Error('it is not connected yet')));
		// Only a run renews a token, because n8n keeps what comes of it.
		return testConnection(send, { ...means, renew: () => false }, pathOf(data));
	});
};

export const credentialTests = { jumpCloudApiTest, hcmApiTest, hcmOAuth2ApiTest };
