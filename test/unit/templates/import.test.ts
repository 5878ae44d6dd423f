/** `node templates/import.mjs` as an operator runs it, against a stand-in for n8n's command line that writes down what it is asked. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../../../demo/setup/processes.ts';
import { splitWords } from '../../../templates/import/commandLine.mjs';

const TEMPLATES = path.resolve(__dirname, '../../../templates');
const DESK = 'adpAskDesk000001';
/** Children first, and by file name otherwise. */
const ORDER = [DESK, 'adpReportError01', 'adpOnboardJc0001', 'adpUndoRun000001'];

/** Appends its arguments, and what it reads, to a file beside it; lists what `published` holds; fails as `fail` says. */
const STAND_IN = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const here = import.meta.dirname;
const [command, ...args] = process.argv.slice(2);
const input = args.find((one) => one.startsWith('--input='))?.slice('--input='.length);
appendFileSync(here + '/said', JSON.stringify({ command, args, read: input ? JSON.parse(readFileSync(input, 'utf8')) : null }) + '\\n');
const fail = existsSync(here + '/fail') ? JSON.parse(readFileSync(here + '/fail', 'utf8')) : {};
if (command === 'list:workflow' && existsSync(here + '/published')) console.log(readFileSync(here + '/published', 'utf8'));
if (fail[command]) { console.error(fail[command]); process.exitCode = 1; }
`;

type Said = { readonly command: string; readonly args: readonly string[]; readonly read: readonly Workflow[] | null };
type Workflow = {
	readonly id: string;
	readonly nodes: readonly { readonly parameters: Record<string, unknown>; readonly credentials?: unknown }[];
};

let folder: string;
const file = (name: string) => path.join(folder, name);
const write = (name: string, content: unknown) =>
	writeFileSync(file(name), typeof content === 'string' ? content : JSON.stringify(content));
const said = (): Said[] =>
	existsSync(file('said'))
		? readFileSync(file('said'), 'utf8')
				.trim()
				.split('\n')
				.map((line) => JSON.parse(line) as Said)
		: [];
const importThem = (...args: string[]) =>
	run(process.execPath, [file('templates/import.mjs'), '--n8n', `"${process.execPath}" ${file('n8n.mjs')}`, ...args]);

const noteOf = (name: string, id: string, type: string, parameters: object) => ({
	...{ id, name, connections: {}, settings: id === DESK ? {} : { errorWorkflow: 'adpReportError01' } },
	nodes: [{ id: 'only', name: 'Only Step', type, typeVersion: 1, position: [0, 0], parameters }],
});

beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'ad-provisioning-import-test-'));
	mkdirSync(file('templates'));
	for (const part of ['import.mjs', 'import'])
		cpSync(path.join(TEMPLATES, part), file(`templates/${part}`), { recursive: true });
	write('n8n.mjs', STAND_IN);
	write('templates/a-flow.json', {
		...noteOf('Onboard Them', 'adpOnboardJc0001', 'n8n-nodes-base.executeWorkflow', {
			workflowId: { __rl: true, mode: 'list', value: DESK },
			text: 'OU=People,DC=corp,DC=example,DC=com',
		}),
	});
	write('templates/b-desk.json', noteOf('Ask the Approval Desk', DESK, 'n8n-nodes-base.jwt', {}));
	write('templates/c-failed.json', noteOf('Report Failed Runs', 'adpReportError01', 'n8n-nodes-base.noOp', {}));
	write(
		'templates/d-other.json',
		noteOf('Undo a Run', 'adpUndoRun000001', 'n8n-nodes-ad-provisioning.adProvision', {}),
	);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('import.mjs', () => {
	test('imports all in one go, children first, and publishes what the flows share', async () => {
		const { code, stdout } = await importThem();
		expect(code).toBe(0);
		const [listed, imported, ...published] = said();
		expect(listed).toMatchObject({ command: 'list:workflow', args: ['--active=true', '--onlyId'] });
		expect(imported?.command).toBe('import:workflow');
		expect(imported?.read?.map(({ id }) => id)).toEqual(ORDER);
		expect(published.map(({ command, args }) => [command, ...args])).toEqual(
			[DESK, 'adpReportError01'].map((id) => ['publish:workflow', `--id=${id}`]),
		);
		expect(stdout).toContain('Imported 4 workflows');
		expect(stdout).toContain('choose a credential (jwtAuth) in: Only Step');
		expect(stdout).toContain('Start n8n again');
	});

	test('publishes a flow when it is told to, and one that was published before', async () => {
		write('published', 'some log line\nadpUndoRun000001\n');
		expect((await importThem('--publish', 'onboard them')).code).toBe(0);
		expect(said().flatMap(({ command, args }) => (command === 'publish:workflow' ? args : []))).toEqual(
			ORDER.map((id) => `--id=${id}`),
		);
	});

	test('takes one template with what it calls', async () => {
		expect((await importThem('--only', 'Onboard Them')).code).toBe(0);
		expect(said()[1]?.read?.map(({ id }) => id)).toEqual([DESK, 'adpReportError01', 'adpOnboardJc0001']);
	});

	test('chooses credentials and replaces names', async () => {
		write('credentials.json', { adLdapApi: { id: 'abc', name: 'Our domain' } });
		const { code } = await importThem(
			...['--credentials', file('credentials.json'), '--replace', 'DC=corp,DC=example,DC=com=>DC=acme,DC=test'],
		);
		expect(code).toBe(0);
		const imported = said()[1]?.read ?? [];
		const find = (id: string) => imported.find((one) => one.id === id)?.nodes[0];
		expect(find('adpUndoRun000001')?.credentials).toEqual({ adLdapApi: { id: 'abc', name: 'Our domain' } });
		expect(find('adpOnboardJc0001')?.parameters['text']).toBe('OU=People,DC=acme,DC=test');
	});

	const faults: readonly [string, readonly string[], Record<string, unknown>, string][] = [
		['an unknown option', ['--credential', 'x'], {}, '--help says what there is'],
		['a file that is not there', ['--credentials', 'nowhere.json'], {}, 'nowhere.json, which cannot be read'],
		['a file that is not JSON', ['--settings', 'FILE'], { FILE: '{ "secret-words"' }, 'is not JSON'],
		['a credential without id', ['--credentials', 'FILE'], { FILE: { jwtAuth: { name: 'a' } } }, 'needs an "id"'],
		[
			'a credential with its secret',
			['--credentials', 'FILE'],
			{ FILE: { jwtAuth: { id: '1', name: 'a', secret: 'secret-words' } } },
			'secrets do not belong here',
		],
		['a list of credentials', ['--credentials', 'FILE'], { FILE: [] }, 'needs an object'],
		['settings of no template', ['--settings', 'FILE'], { FILE: { Onbaord: {} } }, 'a template "Onbaord"'],
		['settings that are no object', ['--settings', 'FILE'], { FILE: { 'Undo a Run': 3 } }, 'needs an object'],
		['a replacement without arrow', ['--replace', 'a=b'], {}, 'Write it as "old=>new"'],
		['an unknown template', ['--only', 'Nothing'], {}, '--only names "Nothing", which is no template'],
		['an unknown template to publish', ['--publish', 'Nothing'], {}, '--publish names "Nothing"'],
	];
	test.each(faults)('says what is wrong with %s, and leaves n8n alone', async (_title, args, files, words) => {
		for (const [name, content] of Object.entries(files)) write(name, content);
		const { code, stdout, stderr } = await importThem(...args.map((arg) => (arg === 'FILE' ? file('FILE') : arg)));
		expect([code, stdout]).toEqual([1, '']);
		expect(stderr).toContain(words);
		expect(stderr).not.toContain('secret-words');
		expect(said()).toEqual([]);
	});

	test('tells what n8n said when it fails, and what to do about a missing owner', async () => {
		write('fail', { 'import:workflow': 'Failed to find owner. Please run user-management:reset' });
		const { code, stderr } = await importThem();
		expect(code).toBe(1);
		expect(stderr).toMatch(/import:workflow" ended with 1/);
		expect(stderr).toContain('set up the owner account');
		expect(said().map(({ command }) => command)).toEqual(['list:workflow', 'import:workflow']);
	});

	test('says how to name n8n where there is none', async () => {
		const { code, stderr } = await run(process.execPath, [file('templates/import.mjs'), '--n8n', 'no-such-n8n']);
		expect(code).toBe(1);
		expect(stderr).toContain('There is no program "no-such-n8n" here');
	});

	test('prints how it is used', async () => {
		const { code, stdout } = await importThem('--help');
		expect(code).toBe(0);
		for (const option of ['--n8n', '--credentials', '--replace', '--settings', '--only', '--publish'])
			expect(stdout).toContain(option);
		expect(said()).toEqual([]);
	});
});

test.each([
	['n8n', ['n8n']],
	['docker exec -i n8n n8n', ['docker', 'exec', '-i', 'n8n', 'n8n']],
	['"C:\\Program Files\\n8n.cmd"  --x', ['C:\\Program Files\\n8n.cmd', '--x']],
	["ssh host 'n8n import'", ['ssh', 'host', 'n8n import']],
])('the command %s has its words', (command, words) => {
	expect(splitWords(command)).toEqual(words);
	expect(() => splitWords(' ')).toThrow('--n8n needs the command');
});
