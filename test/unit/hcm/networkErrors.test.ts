import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { networkFault, TransportError } from '../../../lib/hcm/networkErrors';

const network = (code: string, message = 'a message with https://user:pa55word@host/') =>
	Object.assign(new Error(message), { code });

describe('a fault of the network', () => {
	test.each<[code: string, words: string, passing: boolean, unsent: boolean]>([
		['ENOTFOUND', 'name is not known', false, true],
		['EAI_AGAIN', 'could not be looked up', true, true],
		['ESERVFAIL', 'could not be looked up', true, true],
		['ECONNREFUSED', 'nothing listens there', true, true],
		['EHOSTUNREACH', 'does not reach the server', true, true],
		['ENETUNREACH', 'does not reach the server', true, true],
		['UND_ERR_CONNECT_TIMEOUT', 'no connection', true, true],
		['ETIMEDOUT', 'did not answer in time', true, false],
		['ECONNABORTED', 'did not answer in time', true, false],
		['UND_ERR_HEADERS_TIMEOUT', 'did not answer in time', true, false],
		['UND_ERR_BODY_TIMEOUT', 'did not answer in time', true, false],
		['ECONNRESET', 'cut the connection', true, false],
		['EPIPE', 'cut the connection', true, false],
		['UND_ERR_SOCKET', 'cut the connection', true, false],
		['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'in the middle of the reply', true, false],
		['ERR_BAD_RESPONSE', 'in the middle of the reply', true, false],
		['HPE_INVALID_EOF_STATE', 'in the middle of the reply', true, false],
		['HPE_INVALID_CONSTANT', 'no HTTP', false, false],
		['UND_ERR_HEADERS_OVERFLOW', 'headers of the reply are too long', false, false],
		['CERT_HAS_EXPIRED', 'certificate has expired', false, false],
		['CERT_NOT_YET_VALID', 'not valid yet', false, false],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'signed by itself', false, false],
		['SELF_SIGNED_CERT_IN_CHAIN', 'authority', false, false],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'authority', false, false],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'authority', false, false],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'another name', false, false],
		['EPROTO', 'does not speak TLS', false, false],
		['ERR_SSL_WRONG_VERSION_NUMBER', 'does not speak TLS', false, false],
		['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'no common version', false, false],
		['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client certificate', false, false],
		['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'client certificate', false, false],
		['ERR_SSL_SOMETHING_NEW', 'TLS connection could not be made', false, false],
		['UND_ERR_PRX_TLS', "proxy's certificate", false, true],
		['UND_ERR_INVALID_ARG', 'cannot be sent as it is', false, true],
		['EWHATEVER', 'the call broke off (EWHATEVER)', true, false],
	])('%s says: %s; may pass: %s; cannot have been handled: %s', (code, words, passing, unsent) => {
		const fault = networkFault(network(code));
		expect(fault.reason).toContain(words);
		expect(fault).toMatchObject({ passing, unsent });
		expect(fault.whatToDo).toMatch(/\.$/);
		expect(`${fault.reason}${fault.whatToDo}`).not.toContain('pa55word');
	});

	test.each<[message: string, words: string, passing: boolean]>([
		['Proxy response (407) !== 200 when HTTP Tunneling', 'the proxy asks for a login', false],
		['Proxy Authentication Required (407)', 'the proxy asks for a login', false],
		['Proxy response (403) !== 200 when HTTP Tunneling', 'the proxy does not connect to the server (HTTP 403)', false],
		['Proxy response (502) !== 200 when HTTP Tunneling', 'the proxy does not connect to the server (HTTP 502)', true],
	])('of a proxy, %s, says: %s; may pass: %s', (message, words, passing) => {
		const fault = networkFault(network('UND_ERR_ABORTED', message));
		expect(fault).toMatchObject({ reason: words, passing, unsent: true });
	});

	test('is found however it is wrapped, the known code before one that says nothing', () => {
		const wrapped = Object.assign(new Error('outer', { cause: new Error('x', { cause: network('ECONNREFUSED') }) }), {
			code: 'UND_ERR',
		});
		expect(networkFault(wrapped).reason).toBe('nothing listens there');
		const own = new TransportError('the reply is larger than 1 MB', 'Lower the page size.');
		expect(networkFault(new Error('outer', { cause: own }))).toBe(own);
	});

	test.each<[string, unknown]>([
		['no error at all', undefined],
		['a text', 'ECONNREFUSED'],
		['a code that is no code', network('see https://key@host')],
		['a number as code', Object.assign(new Error('x'), { code: 5 })],
		['the name of a method of objects', network('constructor')],
	])('that is %s only broke off', (_what, error) => {
		expect(networkFault(error)).toMatchObject({ reason: 'the call broke off', passing: true, unsent: false });
	});

	test('that is its own cause holds nobody up', () => {
		const circular = new Error('round');
		circular.cause = circular;
		expect(networkFault(circular).reason).toBe('the call broke off');
	});

	test('of this machine is known: a port where nothing listens', async () => {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		await new Promise((resolve) => server.close(resolve));
		const error: unknown = await fetch(`http://127.0.0.1:${port}/`).catch((reason: unknown) => reason);
		expect(networkFault(error).reason).toBe('nothing listens there');
	});
});
