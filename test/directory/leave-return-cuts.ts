/** One cut somewhere in a leave or a return, and what must be true after it, and after running again. */
import { Client } from 'ldapts';
import { disableAccount } from '../../lib/directory/accounts/disable';
import { enableAccount } from '../../lib/directory/accounts/enable';
import { openAccounts } from '../../lib/directory/accounts/locate';
import { DirectoryError } from '../../lib/directory/errors';
import { guidToText } from '../../lib/directory/guid';
import { findSnapshot, type Snapshot } from '../../lib/directory/snapshot';
import { SIGNING_KEY, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { addPerson, MARKING, openOffice, RETURN, type Office } from './leave-return-people';
import { startWire, type Fate, type Wire } from './wire';

export type Stage = {
	readonly domain: Domain;
	readonly office: Office;
	readonly wire: Wire;
	/** The test's own hand, past the wire. */
	readonly client: Client;
	readonly close: () => Promise<void>;
};

export async function openStage(): Promise<Stage> {
	const domain = await startSamba();
	const office = await openOffice(domain);
	const wire = await startWire(domain);
	const client = new Client({
		url: domain.ldapsUrl,
		tlsOptions: { ca: [domain.caPem], servername: domain.serverName },
	});
	await client.bind(domain.bindDn, domain.password);
	return {
		domain,
		office: { ...office, groups: office.groups.slice(0, 2) },
		wire,
		client,
		close: async () => {
			await client.unbind();
			await wire.close();
			await domain.stop();
		},
	};
}

export type Work = 'leave' | 'return';

/** Makes somebody who is about to leave, or to return. */
export async function prepare(stage: Stage, work: Work, key: string): Promise<void> {
	await addPerson(stage.domain, stage.office, key);
	if (work === 'return' && (await ending(stage, 'leave', key)) !== 'disabled') throw new Error(`${key} did not leave`);
}

export type Manner = { readonly overWire?: boolean; readonly timeout?: number; readonly signal?: AbortSignal };

/** What one run ends in: its outcome, or the kind of its fault. */
export async function ending(
	{ domain, office, wire }: Stage,
	work: Work,
	key: string,
	{ overWire = false, timeout, signal }: Manner = {},
): Promise<string> {
	const lookup = { attribute: 'employeeID', value: key };
	const fields = {
		...(overWire ? { port: wire.port } : {}),
		...(timeout === undefined ? {} : { operationTimeout: timeout }),
	};
	try {
		const { outcome } = await withDirectory(
			domain,
			(directory) => {
				const run = openAccounts(directory, MARKING, SIGNING_KEY);
				return work === 'leave'
					? disableAccount(run, lookup, { ...office.everything, clear: ['title', 'otherTelephone'] })
					: enableAccount(run, lookup, RETURN);
			},
			{ fields, ...(signal ? { signal } : {}) },
		);
		return outcome;
	} catch (error) {
		if (error instanceof DirectoryError) return error.kind;
		throw error;
	}
}

export type Requests = { readonly all: number; readonly writes: readonly number[] };

/** How many requests an undisturbed run sends, and which of them write; found by running one. */
export async function requestsOf(stage: Stage, work: Work, key: string): Promise<Requests> {
	await prepare(stage, work, key);
	const from = stage.wire.requests.length;
	await ending(stage, work, key, { overWire: true });
	const sent = stage.wire.requests.slice(from);
	const numbers = sent.map((_request, index) => index + 1);
	return {
		all: sent.length,
		writes: numbers.filter((nth) => ['modify', 'rename'].includes(sent[nth - 1]?.operation ?? '')),
	};
}

/** Lets the nth request from now on, and no other, meet its fate. */
export function once({ wire }: Stage, fate: Fate, nth: number, onMet: () => void = () => undefined): void {
	let met = false;
	const from = wire.requests.length;
	wire.decide((_request, number) => {
		if (met || number - from !== nth) return 'pass';
		met = true;
		onMet();
		return fate;
	});
}

export type Seen = {
	readonly enabled: boolean;
	readonly marks: number;
	readonly snapshot: Omit<Snapshot, 'at' | 'pwdLastSet'> | undefined;
	/** Whether a leaver still has the password from before. */
	readonly ownPassword: boolean;
	/** The rest, with the key taken out of every value. */
	readonly rest: Readonly<Record<string, unknown>>;
};

const READ = ['title', 'otherTelephone', 'telephoneNumber', 'thumbnailPhoto', 'manager', 'description'];

/** The account as it is, comparable between persons. */
export async function seen({ domain, client }: Stage, key: string): Promise<Seen> {
	const { searchEntries } = await client.search(domain.baseDn, {
		scope: 'sub',
		filter: `(employeeID=${key})`,
		attributes: [
			...READ,
			'accountExpires',
			'memberOf',
			'userAccountControl',
			'carLicense',
			'objectGUID',
			'cn',
			'pwdLastSet',
		],
		explicitBufferAttributes: ['objectGUID', 'thumbnailPhoto'],
	});
	const [entry, ...more] = searchEntries;
	if (!entry || more.length > 0) throw new Error(`${searchEntries.length} accounts have ${key}`);
	const { carLicense, objectGUID, userAccountControl, pwdLastSet, dn, ...attributes } = entry;
	const values = [carLicense ?? []].flat().map(String);
	const at = /^adprov1:left:(.*?Z):/.exec(values.find((value) => value.startsWith('adprov1:left:')) ?? '')?.[1];
	const guid = guidToText([objectGUID].flat()[0] as Buffer);
	const { at: _at, pwdLastSet: own, ...snapshot } = findSnapshot(SIGNING_KEY, values, guid, at ?? '')?.snapshot ?? {};
	const rest = Object.entries({ ...attributes, dn }).map(([name, all]) => {
		const texts = [all]
			.flat()
			.map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : value).replaceAll(key, 'KEY'));
		return [name, texts.sort()];
	});
	return {
		enabled: userAccountControl === '512',
		marks: values.length,
		snapshot: 'ou' in snapshot ? snapshot : undefined,
		ownPassword: pwdLastSet === own,
		rest: Object.fromEntries(rest) as Seen['rest'],
	};
}
