/**
 * Tests of the credentials, by the same code that uses them. n8n gives such a test no egress filter (n8n-core, credentials-test-context.ts), as it gives
 * its own none beyond that of its request helper; who may edit credentials chooses these addresses.
 */
import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { testConnection, testJumpCloud, type TestResult } from '../../lib/hcm/credentialTest';
import { oauth2Authentication, type OAuth2Credential } from '../../lib/hcm/authentication/oauth2';
import { PathError } from '../../lib/json/path';
import { openTransport } from '../../lib/hcm/transport';
import type { HcmApiCredential } from '../../lib/hcm/authentication/hcmApi';
import { authenticationOf, certificateOf, faultText } from './connection';

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
		if (error instanceof PathError) return { status: 'Error', message: error.message };
		const { message, whatToDo } = faultText(error);
		return { status: 'Error', message: `${message} ${whatToDo}` };
	} finally {
		await transport?.close();
	}
}

const pathOf = ({ testPath }: Readonly<Record<string, unknown>>) =>
	typeof testPath === 'string' ? testPath.trim() : '';

const jumpCloudApiTest: Test = async (credential) => {
	const data = (credential.data ?? {}) as HcmApiCredential;
	return await tested(data, ({ send }) => testJumpCloud(send, authenticationOf('jumpCloud', data, send)));
};

const hcmApiTest: Test = async (credential) => {
	const data = (credential.data ?? {}) as HcmApiCredential;
	return await tested(data, ({ send }) => testConnection(send, authenticationOf('hcmApi', data, send), pathOf(data)));
};

/** n8n 2.41 answers for OAuth2 itself: it looks whether there is a token (credentials-tester.service.ts). Others ask this. */
const hcmOAuth2ApiTest: Test = async (credential) => {
	const data = (credential.data ?? {}) as OAuth2Credential & HcmApiCredential;
	return await tested(data, ({ send }) => {
		const means = oauth2Authentication(data, () => Promise.reject(new Error('it is not connected yet')));
		return testConnection(send, means, pathOf(data));
	});
};

export const credentialTests = { jumpCloudApiTest, hcmApiTest, hcmOAuth2ApiTest };
