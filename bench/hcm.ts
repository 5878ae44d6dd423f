/**
 * `npm run bench:hcm`: reading a list with this node, with a bare loop over one kept connection, and with n8n's HTTP Request and its pagination,
 * all in one run on one machine, each in a process of its own, warmed up, median of five. The last line is JSON with ratios.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeCertificates, type KeyPair } from '../test/support/certificates';
import type { Measured, Side } from './contender';
import { inOwnProcess, median, round } from './measure';
import { startBenchServer, startSlowLine } from './server';

type Scenario = {
	readonly name: string;
	readonly people: number;
	readonly delayMs: number;
	readonly roundTripMs: number;
	readonly tls: boolean;
};

const SCENARIOS: readonly Scenario[] = [
	{ name: '10,000 people, 5 ms', people: 10_000, delayMs: 5, roundTripMs: 0, tls: false },
	{ name: '100,000 people, 5 ms', people: 100_000, delayMs: 5, roundTripMs: 0, tls: false },
	{ name: '10,000 people, 20 ms on the line, TLS', people: 10_000, delayMs: 0, roundTripMs: 20, tls: true },
];
const SIDES: readonly Side[] = ['bare', 'node', 'nodeParallel', 'httpRequest'];
const RUNS = 5;
const PAGE = 100;

function measure(side: Side, url: string, people: number, modules: string, authorityFile: string): Promise<Measured> {
	return inOwnProcess('contender.ts', [side, url, String(people), String(RUNS), modules], {
		env: { NODE_EXTRA_CA_CERTS: authorityFile },
	});
}

type Result = { readonly ms: number; readonly memory: number };
type Row = Readonly<Record<Side, Result>>;
type Secure = { readonly server: KeyPair; readonly authorityFile: string };

async function runScenario(
	{ name, people, delayMs, roundTripMs, tls }: Scenario,
	modules: string,
	secure: Secure,
): Promise<Row> {
	const server = await startBenchServer(people, delayMs, tls ? secure.server : undefined);
	const line = roundTripMs > 0 ? await startSlowLine(server.url, roundTripMs) : undefined;
	try {
		const row: Partial<Record<Side, Result>> = {};
		for (const side of SIDES) {
			const { runs, memory } = await measure(side, line?.url ?? server.url, people, modules, secure.authorityFile);
			const ms = median(runs);
			row[side] = { ms, memory };
			console.log(
				`${name} · ${side.padEnd(12)} ${Math.round(ms)} ms, ${((ms * PAGE) / people).toFixed(2)} ms a page, +${Math.round(memory / 1e6)} MB`,
			);
		}
		return row as Row;
	} finally {
		await line?.close();
		await server.close();
	}
}

async function main([modules = '']: readonly string[]): Promise<void> {
	const folder = mkdtempSync(path.join(tmpdir(), 'bench-hcm-'));
	try {
		const { authority, server } = makeCertificates();
		const authorityFile = path.join(folder, 'authority.pem');
		writeFileSync(authorityFile, authority);
		const rows: Row[] = [];
		for (const scenario of SCENARIOS) rows.push(await runScenario(scenario, modules, { server, authorityFile }));
		const [, large, overTls] = rows;
		if (!large || !overTls) throw new Error('A scenario is missing.');
		const ratios = {
			timeVsBareLoop: round(large.node.ms / large.bare.ms),
			timeVsHttpRequest: round(large.node.ms / large.httpRequest.ms),
			timeVsHttpRequestTls: round(overTls.node.ms / overTls.httpRequest.ms),
			parallelVsHttpRequest: round(large.nodeParallel.ms / large.httpRequest.ms),
			memoryVsHttpRequest: round(large.node.memory / large.httpRequest.memory),
		};
		console.log(JSON.stringify({ bench: 'hcm', ratios }));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
