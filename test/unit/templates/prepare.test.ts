/** Making a template ready for one n8n: what an operator chooses must end where it belongs, and nowhere else. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
	calledBy,
	childrenFirst,
	choiceFaults,
	credentialTypesOf,
	missingCredentials,
	namingExample,
	parseReplacement,
	prepareTemplate,
	SHARED,
	type Template,
	type TemplateNode,
} from '../../../templates/import/prepare.mjs';
import { WORKFLOW } from '../../../templates/source/ids';

const PACKAGE = 'n8n-nodes-ad-provisioning';

const node = (name: string, type: string, parameters: Record<string, unknown> = {}, more = {}): TemplateNode => ({
	...{ id: name.toLowerCase().replaceAll(' ', '-'), name, type, typeVersion: 1, position: [0, 0], parameters },
	...more,
});
const field = (name: string, type: string, value: unknown) => ({ id: name, name, type, value });
const SETTINGS = node('Settings', 'n8n-nodes-base.set', {
	assignments: {
		assignments: [
			field('approvers', 'string', 'approver@corp.example.com'),
			field('answerWithinHours', 'number', 72),
			field('returnPassword', 'boolean', false),
			field('watched', 'array', '={{ [] }}'),
			field('lease', 'object', '={{ null }}'),
		],
	},
	options: {},
});

function template(nodes: readonly TemplateNode[], more: Partial<Template> = {}): Template {
	return { id: 'first', name: 'First Flow', nodes, connections: {}, settings: {}, ...more };
}
const parametersOf = ({ nodes }: Template, name: string) => nodes.find((one) => one.name === name)?.parameters;
const valueOf = (prepared: Template, name: string) =>
	(
		parametersOf(prepared, 'Settings')?.['assignments'] as { assignments: { name: string; value: unknown }[] }
	).assignments.find((one) => one.name === name)?.value;

describe('credentials', () => {
	const asking: readonly [string, TemplateNode, readonly string[]][] = [
		['AD Provision', node('a', `${PACKAGE}.adProvision`), ['adLdapApi']],
		['Attribute Map, for its lists', node('a', `${PACKAGE}.attributeMap`), ['adLdapApi']],
		['an endpoint at its default', node('a', `${PACKAGE}.customHcmEndpoint`), ['jumpCloudApi']],
		['an endpoint of an HCM', node('a', `${PACKAGE}.customHcmEndpoint`, { authentication: 'hcmApi' }), ['hcmApi']],
		[
			'an endpoint by OAuth2',
			node('a', `${PACKAGE}.customHcmEndpoint`, { authentication: 'hcmOAuth2Api' }),
			['hcmOAuth2Api'],
		],
		['an endpoint without authentication', node('a', `${PACKAGE}.customHcmEndpoint`, { authentication: 'none' }), []],
		['Confirm Feed', node('a', `${PACKAGE}.customHcmEndpoint`, { operation: 'confirmFeed' }), []],
		['JWT', node('a', 'n8n-nodes-base.jwt'), ['jwtAuth']],
		['Send Email', node('a', 'n8n-nodes-base.emailSend'), ['smtp']],
		[
			'an HTTP request with a credential of ours',
			node('a', 'n8n-nodes-base.httpRequest', { nodeCredentialType: 'jumpCloudApi' }),
			['jumpCloudApi'],
		],
		['a plain HTTP request', node('a', 'n8n-nodes-base.httpRequest'), []],
		['Edit Fields', node('a', 'n8n-nodes-base.set'), []],
	];

	test.each(asking)('%s asks for its own type', (_title, asked, types) => {
		expect(credentialTypesOf(asked)).toEqual(types);
	});

	test('are chosen by type, id and name alone, and leave other nodes as they are', () => {
		const given = template([node('Plan', `${PACKAGE}.adProvision`), node('Hold', 'n8n-nodes-base.noOp')]);
		const credential = { id: 'abc', name: 'Our domain', secret: 'never' };
		const { nodes } = prepareTemplate(given, { credentials: { adLdapApi: credential } });
		expect(nodes.map(({ credentials }) => credentials)).toEqual([
			{ adLdapApi: { id: 'abc', name: 'Our domain' } },
			undefined,
		]);
		expect(given.nodes[0]?.credentials).toBeUndefined();
	});

	test('that are still missing are named, but not of what is switched off or only offers lists', () => {
		const given = template([
			node('Plan', `${PACKAGE}.adProvision`),
			node('Apply', `${PACKAGE}.adProvision`),
			node('Map', `${PACKAGE}.attributeMap`),
			node('Mail', 'n8n-nodes-base.emailSend', {}, { disabled: true }),
			node('Sign', 'n8n-nodes-base.jwt'),
		]);
		const prepared = prepareTemplate(given, { credentials: { jwtAuth: { id: '1', name: 'Desk' } } });
		expect([...missingCredentials(prepared)]).toEqual([['adLdapApi', ['Plan', 'Apply']]]);
	});
});

describe('replacements', () => {
	const given = template([
		node('Map', `${PACKAGE}.attributeMap`, {
			ou: 'OU=People,DC=corp,DC=example,DC=com',
			names: [{ formats: '${username}@corp.example.com' }],
			asked: "={{ 'OU=Left,DC=corp,DC=example,DC=com' }}",
			count: 3,
			nothing: null,
		}),
	]);

	test('reach every text of the parameters, at any depth, and no name', () => {
		const named = template([...given.nodes, node('Ask corp.example.com', 'n8n-nodes-base.noOp')]);
		const prepared = prepareTemplate(named, {
			replace: ['DC=corp,DC=example,DC=com=>DC=acme,DC=test', 'corp.example.com=>acme.test'].map(parseReplacement),
		});
		expect(parametersOf(prepared, 'Map')).toEqual({
			...{ ou: 'OU=People,DC=acme,DC=test', names: [{ formats: '${username}@acme.test' }] },
			...{ asked: "={{ 'OU=Left,DC=acme,DC=test' }}", count: 3, nothing: null },
		});
		expect(prepared.nodes[1]?.name).toBe('Ask corp.example.com');
	});

	test('happen in one pass, the longest first', () => {
		const replace = ['corp=>DC', 'DC=corp,DC=example,DC=com=>DC=corp'].map(parseReplacement);
		expect(parametersOf(prepareTemplate(given, { replace }), 'Map')).toMatchObject({ ou: 'OU=People,DC=corp' });
	});

	test('take a value with quotes and dollar signs as it is, in plain text', () => {
		const replace = [parseReplacement('OU=People,DC=corp,DC=example,DC=com=>OU="R&D" \\ $& $1,DC=acme')];
		const prepared = prepareTemplate(template([node('Map', 'x', { ou: 'OU=People,DC=corp,DC=example,DC=com' })]), {
			replace,
		});
		expect(parametersOf(prepared, 'Map')).toEqual({ ou: 'OU="R&D" \\ $& $1,DC=acme' });
		expect(JSON.parse(JSON.stringify(prepared))).toEqual(prepared);
	});

	test.each(["O'Brien", 'a"b', 'a`b', 'a\\b', '}} {{ 1', '${1}', 'a\nb'])(
		'refuse to put %j into an expression',
		(to) => {
			const replace = [{ from: 'DC=corp,DC=example,DC=com', to }];
			expect(() => prepareTemplate(given, { replace })).toThrow('stands in an expression of "First Flow"');
		},
	);

	test.each(['corp.example.com', 'a=b', '=>b', ''])('are not read from %j', (text) => {
		expect(() => parseReplacement(text)).toThrow('Write it as "old=>new"');
	});

	test('may take a text away', () => {
		expect(parseReplacement('a=>')).toEqual({ from: 'a', to: '' });
	});
});

describe('settings', () => {
	const given = template([SETTINGS]);
	const set = (fields: Record<string, unknown>) => prepareTemplate(given, { settings: { 'First Flow': fields } });

	test('are kept as Edit Fields keeps them', () => {
		const prepared = set({
			...{ approvers: 'a@acme.test, b@acme.test', answerWithinHours: 0.5, returnPassword: true },
			...{ watched: ['title'], lease: { dn: 'CN=lease' } },
		});
		expect(valueOf(prepared, 'approvers')).toBe('a@acme.test, b@acme.test');
		expect(valueOf(prepared, 'answerWithinHours')).toBe(0.5);
		expect(valueOf(prepared, 'returnPassword')).toBe(true);
		expect(valueOf(prepared, 'watched')).toBe('["title"]');
		expect(valueOf(prepared, 'lease')).toBe('{"dn":"CN=lease"}');
	});

	test('that are not named stay', () => {
		expect(valueOf(set({ approvers: 'a@acme.test' }), 'answerWithinHours')).toBe(72);
	});

	test.each([
		[{ answerWithinHours: '72' }, '"answerWithinHours" of "First Flow" takes a value of the type number, not "72"'],
		[{ watched: 'title' }, 'takes a list, not "title"'],
		[{ lease: null }, 'takes a value of the type object, not null'],
		[{ approver: 'a@acme.test' }, 'have no "approver". They have: approvers, answerWithinHours'],
	])('refuse %j', (fields, words) => {
		expect(() => set(fields)).toThrow(words);
	});

	test('for every template reach those that have the field; its own come after', () => {
		const other = template([node('Hold', 'n8n-nodes-base.noOp')], { id: 'second', name: 'Second Flow' });
		const settings = { '*': { approvers: 'all@acme.test' } };
		expect(valueOf(prepareTemplate(given, { settings }), 'approvers')).toBe('all@acme.test');
		expect(prepareTemplate(other, { settings })).toEqual(other);
		const both = { ...settings, 'First Flow': { approvers: 'one@acme.test' } };
		expect(valueOf(prepareTemplate(given, { settings: both }), 'approvers')).toBe('one@acme.test');
	});

	test('with a name that no template has are a fault', () => {
		expect(choiceFaults([given], { settings: { 'Frist Flow': {}, '*': { aprovers: '' } } })).toEqual([
			'The settings name a template "Frist Flow", which there is not. There are: First Flow.',
			'The settings for every template name "aprovers", which no template has.',
		]);
		expect(choiceFaults([given], { settings: { 'First Flow': {}, '*': { approvers: '' } } })).toEqual([]);
	});
});

test('steps that still name the example are known, and none when all is replaced', () => {
	const given = template([
		SETTINGS,
		node('Create Plan', `${PACKAGE}.adProvision`, { ou: { value: 'OU=People,DC=corp,DC=example,DC=com' } }),
		node('Tell HR', 'n8n-nodes-base.emailSend', { fromEmail: 'n8n@corp.example.com' }, { disabled: true }),
	]);
	expect(namingExample(given)).toEqual(['Settings', 'Create Plan']);
	const replace = ['DC=corp,DC=example,DC=com=>DC=acme', 'corp.example.com=>acme.test'].map(parseReplacement);
	expect(namingExample(prepareTemplate(given, { replace }))).toEqual([]);
});

test('a credential type and a replacement that no template has are faults', () => {
	const given = template([node('Sign', 'n8n-nodes-base.jwt', { list: [{ text: 'OU=People,DC=corp' }] })]);
	const credential = { id: '1', name: 'A' };
	expect(
		choiceFaults([given], {
			credentials: { jwtAuth: credential, jwt: credential },
			replace: [parseReplacement('DC=corp=>DC=acme'), parseReplacement('DC=crop=>DC=acme')],
		}),
	).toEqual([
		'The credentials name a type "jwt", which no template has. There are: jwtAuth.',
		'"DC=crop", which is to be replaced, stands in no template.',
	]);
});

describe('the order of publishing', () => {
	const call = (id: string) =>
		node(`Call ${id}`, 'n8n-nodes-base.executeWorkflow', { workflowId: { __rl: true, mode: 'list', value: id } });

	test('puts sub-workflows and the error workflow first', () => {
		const failed = template([], { id: 'failed', name: 'Failed' });
		const child = template([], { id: 'child', name: 'Child', settings: { errorWorkflow: 'failed' } });
		const parent = template([call('child'), call('child')], { id: 'parent', settings: { errorWorkflow: 'failed' } });
		expect(calledBy(parent)).toEqual(['child', 'failed']);
		expect(childrenFirst([parent, child, failed]).map(({ id }) => id)).toEqual(['failed', 'child', 'parent']);
	});

	test('leaves what is not among them to whoever has it', () => {
		expect(childrenFirst([template([call('elsewhere')])]).map(({ id }) => id)).toEqual(['first']);
	});

	test('does not go in circles', () => {
		const one = template([call('two')], { id: 'one' });
		const two = template([call('one')], { id: 'two' });
		expect(() => childrenFirst([one, two])).toThrow('calls itself by way of other workflows');
	});
});

describe('the shipped import', () => {
	test('knows which workflows the others share', () => {
		expect([...SHARED]).toEqual([WORKFLOW.askDesk, WORKFLOW.desk, WORKFLOW.remind, WORKFLOW.failedRuns]);
	});

	test('is in the package with all that it reads', () => {
		const { files } = JSON.parse(readFileSync(path.resolve(__dirname, '../../../package.json'), 'utf8')) as {
			files: string[];
		};
		expect(files).toEqual(expect.arrayContaining(['templates/*.json', 'templates/import.mjs', 'templates/import']));
	});
});
