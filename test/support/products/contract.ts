/** Reads a product's list with the endpoints that a builder enters, and says what must come out. */
import { hcmApiAuthentication, type HcmApiCredential } from '../../../lib/hcm/authentication/hcmApi';
import { jumpCloudAuthentication, type JumpCloudCredential } from '../../../lib/hcm/authentication/jumpCloud';
import { authenticated } from '../../../lib/hcm/authentication/authentication';
import type { HcmRecord } from '../../../lib/contracts';
import { HcmError } from '../../../lib/hcm/errors';
import { readFeed } from '../../../lib/hcm/feed';
import { keyReader } from '../../../lib/hcm/keys';
import type { TransportSettings } from '../../../lib/hcm/transport';
import type { Endpoint, Feed } from '../../../lib/hcm/types';
import { toEndpoint } from '../../../nodes/CustomHcmEndpoint/endpoints';
import type { EndpointValues } from '../../../nodes/CustomHcmEndpoint/presetValues';
import { settings, type SettingsChanges } from '../feeds';
import { opened } from '../http';
import { staff, type Product } from './server';

export type Credential = { readonly hcmApi: HcmApiCredential } | { readonly jumpCloud: JumpCloudCredential };

export type Contract = {
	/** As in the table of docs/hcm-products.md. */
	readonly product: string;
	readonly serve: (people: number) => Promise<Product>;
	readonly endpoints: readonly EndpointValues[];
	readonly preset?: (base: string) => Readonly<Record<string, string>>;
	readonly credential: (base: string) => Credential;
	/** The same with a secret that the product does not take. */
	readonly wrong: (base: string) => Credential;
	/** Calls for 251 people, log-ins not counted. */
	readonly calls: number;
	readonly evidence: 'strong' | 'weak';
	readonly total: number | null;
	/** Further numbers of people: none, a single one, full pages only. */
	readonly sizes: readonly number[];
	readonly transport?: () => Partial<TransportSettings>;
};

export type Read = Feed & {
	/** Waits between tries, in milliseconds; nobody really waits. */
	readonly waits: readonly number[];
};

export async function readProduct(
	contract: Pick<Contract, 'endpoints' | 'preset' | 'transport'>,
	{ base }: Product,
	credential: Credential,
	changes: SettingsChanges = {},
): Promise<Read> {
	const { send } = opened(contract.transport?.() ?? {});
	const clock = () => Date.now();
	const means =
		'hcmApi' in credential
			? hcmApiAuthentication(credential.hcmApi, send, clock)
			: jumpCloudAuthentication(credential.jumpCloud, send, clock);
	const waits: number[] = [];
	const feed = await readFeed(
		settings(
			contract.endpoints.map((values) => aimed(toEndpoint(values), base)),
			{
				variables: { preset: contract.preset?.(base) ?? {}, credential: means.variables },
				secrets: means.secrets,
				...changes,
			},
		),
		{
			send: authenticated(send, means),
			clock,
			sleep: (ms) => {
				waits.push(ms);
				return Promise.resolve();
			},
			random: () => 0,
		},
	);
	return { ...feed, waits };
}

/** The product's host is the test's server; a host that the builder enters as an id stays a place. */
function aimed(endpoint: Endpoint, base: string): Endpoint {
	const { url } = endpoint.request;
	const there = url.startsWith('https://{')
		? url.replace('https:', 'http:')
		: url.startsWith('https:')
			? url.replace(/^https:\/\/[^/]+/, base)
			: `${base}/${url.replace(/^\/+/, '')}`;
	return { ...endpoint, request: { ...endpoint.request, url: there } };
}

/** As text: some products give numbers. */
const keysOf = (records: readonly HcmRecord[], { primaryKey }: EndpointValues) => records.map(keyReader(primaryKey));

/** The tests that every confirmed product must pass; the file closes what they open (closeAll). */
export function testContract(contract: Contract): void {
	const { endpoints, evidence, total, calls, sizes } = contract;
	const [first] = endpoints;
	if (!first) throw new Error('A contract has an endpoint.');
	const read = async (people: number) => {
		const product = await contract.serve(people);
		return { product, ...(await readProduct(contract, product, contract.credential(product.base))) };
	};

	test('is read to the last of 251 people, each once and in order', async () => {
		const { records, report } = await read(251);
		expect(keysOf(records, first)).toEqual(staff(251).map(({ id }) => id));
		expect(report).toMatchObject({ kind: 'full', complete: true, reasons: [], evidence, records: 251 });
		expect(report.endpoints[0]).toMatchObject({ calls, retries: 0, unique: 251, duplicates: 0, total });
	});

	test.each([...sizes])('is read whole where it has %i people', async (people) => {
		const { records, report } = await read(people);
		expect(keysOf(records, first)).toEqual(staff(people).map(({ id }) => id));
		expect(report).toMatchObject({ complete: true, reasons: [], records: people });
	});

	test('refuses a wrong credential, in words that do not repeat it', async () => {
		const product = await contract.serve(3);
		// SOAP says so by HTTP 500, which may pass: such a feed is given, incomplete and with its fault.
		const error: unknown = await readProduct(contract, product, contract.wrong(product.base)).then(
			({ fault }) => fault,
			(reason: unknown) => reason,
		);
		expect(error).toBeInstanceOf(Error);
		expect(String(error)).toMatch(/HTTP (401|403|500)|client certificate/);
		expect(String(error)).not.toContain(WRONG);
		if (error instanceof HcmError) expect(error.whatToDo).not.toBe('');
	});
}

/** The secret that no product takes. */
export const WRONG = 'wr0ng-s3cr3t';
