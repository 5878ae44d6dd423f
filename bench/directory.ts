/**
 * `npm run bench:directory`: accounts created, changed and found on one Samba domain controller with 10,000 users, by this node as it is shipped,
 * by bare ldapts with the same reads and writes, by n8n's LDAP node and by OpenLDAP's tools, in alternating blocks, warmed up, median of five.
 * The last line is JSON with ratios: `create...` and `update...` are speeds, `find...` times, ours over theirs.
 */
import { randomInt } from 'node:crypto';
import { Expression } from 'n8n-workflow';
import { startDomain, type Domain } from '../demo/samba/domain.ts';
import type { DesiredAccount } from '../lib/contracts';
import { openDirectory } from '../lib/directory/directory';
import { parseSettings } from '../lib/directory/settings';
import { startWire } from '../test/directory/wire';
import { credentialFields } from '../test/support/directory';
import { createBare, expectAll, FIND_ATTRIBUTES, findByFilters, findByPages, updateBare } from './directory-bare';
import { runLdapNode, runNode } from './directory-nodes';
import {
	attributesOf,
	DISABLED,
	dnOf,
	fill,
	keyOf,
	logOn,
	mappedPerson,
	newUnit,
	OBJECT_CLASS,
	STAFF,
	staffKeys,
	staffUnit,
	toAttributes,
} from './directory-people';
import { createByTool, updateByTool } from './directory-tools';
import { median, round } from './measure';

const RUNS = 5;
/** More than 20, so that people are found many at once. */
const CREATED = 40;
const CREATED_WITHOUT_PASSWORD = 100;
const UPDATED = 100;
const FOUND = 1000;
/** n8n's LDAP node asks for each item by itself; so many are enough to know what one costs. */
const FOUND_ONE_BY_ONE = 10;

const MAPPED = {
	operation: 'createOrUpdate',
	input: 'mapped',
	mappedAccount: '={{ $json }}',
	matchAttribute: 'employeeID',
};

/** A side's block: how long it took, in milliseconds. */
type Block = (run: number) => Promise<number>;

/** Blocks of all sides in turn, so that whatever slows the machine down slows all of them. @returns medians by side */
async function inTurns<Side extends string>(
	what: string,
	count: number,
	sides: Readonly<Record<Side, Block>>,
): Promise<Record<Side, number>> {
	const names = Object.keys(sides) as Side[];
	const times = new Map<Side, number[]>(names.map((name) => [name, []]));
	for (let run = 0; run <= RUNS; run += 1) {
		// Each is first as often as the others: what a block leaves behind is not the same for all.
		const order = [...names.slice(run % names.length), ...names.slice(0, run % names.length)];
		for (const name of order) {
			const ms = await sides[name](run);
			if (run > 0) times.get(name)?.push(ms);
		}
	}
	const medians = names.map((name) => [name, median(times.get(name) ?? [])] as const);
	for (const [name, ms] of medians) {
		const columns = [what.padEnd(34), name.padEnd(30), `${Math.round(ms)} ms`.padStart(9)];
		console.log(
			`${columns.join('  ')}  ${(ms / count).toFixed(2).padStart(7)} ms each  ${Math.round((count * 1000) / ms)}/s`,
		);
	}
	return Object.fromEntries(medians) as Record<Side, number>;
}

let people = 0;
/** Nobody twice, whichever side makes them. */
const newPeople = (domain: Domain, count: number): DesiredAccount[] =>
	Array.from({ length: count }, () => mappedPerson(keyOf('N', (people += 1)), newUnit(domain), 'Canteen'));

async function ours(domain: Domain, accounts: readonly DesiredAccount[], outcome: string): Promise<number> {
	const { ms, items } = await runNode(domain, MAPPED, accounts);
	const [done = [], [failed] = []] = items;
	const good = done.filter((item) => item['outcome'] === outcome).length;
	if (good !== accounts.length)
		throw new Error(`${good} of ${accounts.length} people were ${outcome}: ${JSON.stringify(failed ?? done[0])}`);
	return ms;
}

/**
 * Both sides send the same number of requests of each kind for a person, on whatever is sent once for all; otherwise the comparison would be
 * worth nothing.
 */
async function checkSameRequests(domain: Domain): Promise<void> {
	const wire = await startWire(domain);
	const via = { ...domain, ldapsPort: wire.port };
	const counted = async (work: () => Promise<unknown>) => {
		const first = wire.requests.length;
		await work();
		const counts: Record<string, number> = {};
		for (const { operation } of wire.requests.slice(first)) counts[operation] = (counts[operation] ?? 0) + 1;
		return JSON.stringify(Object.entries(counts).sort());
	};
	try {
		const staff = (department: string) => staffKeys(25).map((key) => mappedPerson(key, staffUnit(domain), department));
		const pairs = [
			['create', () => createBare(via, newPeople(domain, 25)), () => ours(via, newPeople(domain, 25), 'created')],
			['update', () => updateBare(via, staff('A'), 'A'), () => ours(via, staff('B'), 'updated')],
		] as const;
		for (const [what, bare, node] of pairs) {
			const [theirs, mine] = [await counted(bare), await counted(node)];
			if (theirs !== mine) throw new Error(`To ${what} 25 people, bare ldapts sends ${theirs}, the node ${mine}.`);
			console.log(`${what.padEnd(34)}  requests for 25 people, both   ${mine}`);
		}
	} finally {
		await wire.close();
	}
}

async function measureCreate(domain: Domain) {
	const block = () => newPeople(domain, CREATED);
	return await inTurns('create, with password', CREATED, {
		'bare ldapts': () => createBare(domain, block()),
		'AD Provision': () => ours(domain, block(), 'created'),
		ldapadd: () => createByTool(domain, block()),
	});
}

/** The Add alone, without what hashing a password costs the server: what the engine's own connection takes for it. */
async function measureAdd(domain: Domain) {
	const each = (person: DesiredAccount) =>
		[dnOf(person), { ...attributesOf(person), userAccountControl: DISABLED }] as const;
	return await inTurns('add, without password', CREATED_WITHOUT_PASSWORD, {
		'bare ldapts': async () => {
			const added = newPeople(domain, CREATED_WITHOUT_PASSWORD);
			const begin = performance.now();
			const client = await logOn(domain);
			for (const [dn, values] of added.map(each))
				await client.add(dn, toAttributes({ objectClass: OBJECT_CLASS, ...values }));
			await client.unbind();
			return performance.now() - begin;
		},
		'lib/directory': async () => {
			const added = newPeople(domain, CREATED_WITHOUT_PASSWORD);
			const begin = performance.now();
			const settings = parseSettings(credentialFields(domain));
			const directory = openDirectory(settings, { randomInt: (below) => randomInt(below), clock: () => Date.now() });
			for (const [dn, values] of added.map(each)) {
				const lists = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
				await directory.add(dn, { objectClass: OBJECT_CLASS, ...lists });
			}
			await directory.close();
			return performance.now() - begin;
		},
	});
}

async function measureUpdate(domain: Domain, modules: string) {
	const keys = staffKeys(UPDATED);
	let last = 'B';
	/** Another department each time, so that there is something to write. */
	const next = () => {
		const from = last;
		last = `Department ${(people += 1)}`;
		return { from, to: last, staff: keys.map((key) => mappedPerson(key, staffUnit(domain), last)) };
	};
	const { staff, to } = next();
	await updateBare(domain, staff, to);
	return await inTurns('update, one attribute', UPDATED, {
		'bare ldapts': () => {
			const { staff: accounts, to: department } = next();
			return updateBare(domain, accounts, department);
		},
		'AD Provision': () => ours(domain, next().staff, 'updated'),
		'LDAP node (modify alone)': async () => {
			const { staff: accounts, to: value } = next();
			const replace = { replace: [{ id: 'department', value }] };
			const parameters = { operation: 'update', dn: '={{ $json.dn }}', attributes: replace };
			const input = accounts.map((person) => ({ dn: dnOf(person) }));
			return (await runLdapNode(domain, modules, parameters, input)).ms;
		},
		'ldapmodify (modify alone)': () => {
			const { staff: accounts, from, to: department } = next();
			return updateByTool(domain, accounts, from, department);
		},
	});
}

async function measureFind(domain: Domain, modules: string) {
	const keys = staffKeys(FOUND);
	const search = {
		...{ operation: 'search', baseDN: domain.baseDn, searchFor: 'custom', returnAll: true },
		options: { attributes: FIND_ATTRIBUTES.join(','), pageSize: 1000, scope: 'sub' },
	};
	return await inTurns(`find ${FOUND} of ${STAFF} by employeeID`, FOUND, {
		'bare ldapts, OR-filters': () => findByFilters(domain, keys),
		'bare ldapts, paged read': () => findByPages(domain, keys),
		'AD Provision': async () => {
			const parameters = { operation: 'get', matchAttribute: 'employeeID', matchValue: '={{ $json.key }}' };
			const { ms, items } = await runNode(
				domain,
				parameters,
				keys.map((key) => ({ key })),
			);
			expectAll(items[0]?.length ?? 0, keys);
			return ms;
		},
		'LDAP node, reading everybody': async () => {
			const parameters = { ...search, customFilter: '(employeeID=*)' };
			const { ms, items } = await runLdapNode(domain, modules, parameters, [{}]);
			const found = new Set((items[0] ?? []).map((item) => item['employeeID']));
			expectAll(keys.filter((key) => found.has(key)).length, keys);
			return ms;
		},
		'LDAP node, one by one (scaled)': async () => {
			const few = keys.slice(0, FOUND_ONE_BY_ONE);
			const parameters = { ...search, customFilter: '=(employeeID={{ $json.key }})' };
			const { ms, items } = await runLdapNode(
				domain,
				modules,
				parameters,
				few.map((key) => ({ key })),
			);
			expectAll(items[0]?.length ?? 0, few);
			return (ms * FOUND) / FOUND_ONE_BY_ONE;
		},
	});
}

async function main([modules = '']: readonly string[]): Promise<void> {
	// As n8n 2.41 does by default (@n8n/config, expression-engine.config.ts).
	const engine = { bridgeTimeout: 5000, bridgeMemoryLimit: 128, poolSize: 1, maxCodeCacheSize: 1024 };
	await Expression.initExpressionEngine({ engine: 'vm', ...engine });
	const domain = await startDomain();
	try {
		console.log(`filling the domain with ${STAFF} users ...`);
		await fill(domain);
		await checkSameRequests(domain);
		const create = await measureCreate(domain);
		const add = await measureAdd(domain);
		const update = await measureUpdate(domain, modules);
		const find = await measureFind(domain, modules);
		const best = Math.min(find['bare ldapts, OR-filters'], find['bare ldapts, paged read']);
		const ldapNode = Math.min(find['LDAP node, reading everybody'], find['LDAP node, one by one (scaled)']);
		const ratios = {
			createVsBareLdapts: round(create['bare ldapts'] / create['AD Provision']),
			createNoPasswordVsBareLdapts: round(add['bare ldapts'] / add['lib/directory']),
			updateVsBareLdapts: round(update['bare ldapts'] / update['AD Provision']),
			findVsBestBareRead: round(find['AD Provision'] / best),
			findVsLdapNode: round(find['AD Provision'] / ldapNode),
			createVsLdapadd: round(create.ldapadd / create['AD Provision']),
		};
		console.log(JSON.stringify({ bench: 'directory', ratios }));
	} finally {
		await domain.stop();
	}
}

main(process.argv.slice(2)).then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
