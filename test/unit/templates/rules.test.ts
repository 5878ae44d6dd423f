/** What holds for every template, and that the rules find what breaks them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { TEMPLATES } from '../../../templates/source/all';
import { askDesk, edit, failures, getRows, hold, JUMPCLOUD_START, mail } from '../../../templates/source/blocks';
import { workflow, type Template } from '../../../templates/source/flow';
import { OUTCOMES, WORKFLOW } from '../../../templates/source/ids';
import { calledBy } from '../../../templates/import/prepare.mjs';
import { notesOf, stepsOf, type Rule } from './reading';
import * as tables from './tables';
import * as wiring from './wiring';
import * as words from './words';

const FOLDER = path.resolve(__dirname, '../../../templates');
const RULES: Readonly<Record<string, Rule>> = { ...words, ...wiring, ...tables };
const ALL = Object.entries(TEMPLATES);

const faultsOf = (template: Template): readonly string[] => Object.values(RULES).flatMap((rule) => rule(template));

describe('every template', () => {
	test.each(ALL)('%s keeps the rules', (_file, template) => {
		expect(faultsOf(template)).toEqual([]);
	});

	test.each(ALL)('%s is kept as JSON as its source says (npm run templates)', (file, template) => {
		const kept: unknown = JSON.parse(readFileSync(path.join(FOLDER, `${file}.json`), 'utf8'));
		expect(kept).toEqual(JSON.parse(JSON.stringify(template)));
	});
});

describe('all templates together', () => {
	test('there is no JSON without a source', () => {
		const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
		expect(files.sort()).toEqual(ALL.map(([file]) => `${file}.json`).sort());
	});

	test('ids, names and addresses are each used once', () => {
		const templates = ALL.map(([, template]) => template);
		const addresses = templates.flatMap(({ name, nodes }) =>
			nodes.flatMap((node) => (typeof node['webhookId'] === 'string' ? [[node['webhookId'], name, node.name]] : [])),
		);
		const twice = (list: readonly unknown[]) => list.filter((one, index) => list.indexOf(one) !== index);
		expect(twice(templates.map(({ id }) => id))).toEqual([]);
		expect(twice(templates.map(({ name }) => name))).toEqual([]);
		const doubled = twice(addresses.map(([address]) => address));
		expect(addresses.filter(([address]) => doubled.includes(address))).toEqual([]);
	});

	test('forms keep their addresses when the editor imports them', () => {
		// n8n's editor gives a form a new webhook id, and where its path is the same text, a new path too.
		const forms = ALL.flatMap(([, { nodes }]) => nodes.filter(({ type }) => type.endsWith('.formTrigger')));
		const lost = forms.filter(({ parameters, ...node }) => {
			const { path: address } = parameters['options'] as { readonly path?: string };
			return node['webhookId'] === address;
		});
		expect(lost.map(({ name }) => name)).toEqual([]);
		expect(forms.length).toBeGreaterThan(3);
	});

	const stepsOfKind = (kind: string) =>
		ALL.flatMap(([file, template]) =>
			stepsOf(template).flatMap((step) => (step.type.endsWith(`.${kind}`) ? [{ file, template, step }] : [])),
		);

	test('nothing starts at an hour at which clocks change: n8n would start it twice', () => {
		const crons = stepsOfKind('scheduleTrigger').flatMap(({ step }) => {
			const { interval } = step.parameters['rule'] as {
				readonly interval: readonly { readonly expression?: string }[];
			};
			return interval.flatMap(({ expression }) => expression ?? []);
		});
		expect(crons.filter((expression) => Number(expression.split(' ')[1]) < 4)).toEqual([]);
		expect(crons.length).toBeGreaterThan(3);
	});

	test('every flow that opens accounts for people of JumpCloud knows when they begin', () => {
		const opening = new Set(
			stepsOfKind('adProvision').flatMap(({ file, step }) => {
				const planned = (step.parameters['planned'] ?? []) as readonly string[];
				return planned.some((one) => one === 'create' || one === 'enable') ? [file] : [];
			}),
		);
		const maps = stepsOfKind('attributeMap').filter(({ file, step }) => {
			return opening.has(file) && step.parameters['preset'] === 'jumpCloud';
		});
		const starts = maps.map(
			({ step }) => (step.parameters['jumpCloudDates'] as { startDate?: string } | undefined)?.startDate,
		);
		expect(starts).toEqual(maps.map(() => JUMPCLOUD_START));
		expect(maps.length).toBeGreaterThan(3);
	});

	test('a feed that gives nobody ends no run quietly', () => {
		const whole = stepsOfKind('adProvision').filter(({ step }) => step.parameters['feedReport'] !== undefined);
		expect(whole.filter(({ template }) => !template.nodes.some(({ name }) => name === 'Nobody Came?'))).toEqual([]);
		expect(whole).toHaveLength(4);
	});

	test('children stand before the workflows that name them, and all are there', () => {
		const seen: string[] = [];
		for (const [file, template] of ALL) {
			expect([file, calledBy(template).filter((id) => !id.startsWith('=') && !seen.includes(id))]).toEqual([file, []]);
			seen.push(template.id);
		}
	});
});

describe('a template that breaks the rules', () => {
	const broken = workflow({ id: 'none', name: 'My Flow', description: 'short' }, (flow) => {
		flow.add(
			{ name: 'set', type: 'set', version: 3.4, at: [0, 0] },
			edit('Settings', [0.1, 0], [['hours', 1]]),
			edit('Settings Again', [2, 0], [['x', "={{ $('Settings').first().json.days + $('Nobody').first().json.x }}"]]),
			edit(
				'Not an Expression',
				[3, 0],
				[
					['x', '{{ $json.x }}'],
					['who', 'ada@lovelace.org'],
				],
			),
			{
				...mail('Tell Them', [4, 0], { to: 'a@corp.example.com', subject: '', text: '={{ $execution.resumeUrl }}' }),
				disabled: false,
			},
			{ name: 'Old', type: 'set', version: 2, at: [5, 0], parameters: { url: 'https://hr.corp.internal/x' } },
			{ ...getRows('Read Rows', [6, 0], OUTCOMES, [['wrong', 'eq', 1]]), errorOutput: false },
			getRows('Read More', [7, 0], { ...OUTCOMES, name: 'other' }, []),
			hold('Set Aside', [8, 1]),
		);
		const desk = askDesk(flow, [8, 0]);
		flow.link(desk.approved, 'Set Aside');
		flow.link(desk.declined, 'Set Aside');
		failures(flow, [12, 2], desk.failing);
		flow.note({ text: 'no title', at: [0, -1], size: [2, 1] });
	});
	const unsafe = {
		...broken,
		pinData: {},
		nodes: [...broken.nodes, { ...stepsOf(broken)[0], name: 'set', credentials: { adLdapApi: { id: '1' } } }],
		connections: { ...broken.connections, Lost: { main: [[]] } },
	} as unknown as Template;
	/** Whatever a rule of that name must find. */
	const FINDS: Readonly<Record<string, RegExp>> = {
		named: /begin with a verb[^]*no sentence/,
		stepsInTitleCase: /"set"/,
		notesAreShort: /no title/,
		oneSettings: /2 steps "Settings"/,
		amountsAreInSettings: /toEmail/,
		settingsThatExist: /"days"/,
		stepsThatExist: /"Nobody"/,
		expressionsAreOnes: /Not an Expression/,
		noPersonalData: /ada@lovelace\.org[^]*hr\.corp\.internal/,
		noCredentials: /holds a credential[^]*pinned/,
		mails: /not switched off[^]*waiting run/,
		knownVersions: /set 2,/,
		wiredErrors: /"Read Rows" can fail[^]*"Read More" leads nowhere/,
		everyStepIsReached: /"Tell Them"/,
		linksLeadToSteps: /"Lost"[^]*Two steps/,
		approvals: /Timed Out[^]*same way/,
		subWorkflows: /id none[^]*error workflow/,
		roomOnTheCanvas: /lie on each other/,
		tablesAreMade: /does not make/,
		columnsThatExist: /"wrong"[^]*"other"/,
	};

	test.each(Object.entries(RULES))('is found by %s', (name, rule) => {
		expect(rule(unsafe).join('\n')).toMatch(FINDS[name] ?? /^a text for this rule$/);
	});

	test('is no template that is shipped', () => {
		expect(notesOf(broken)).toHaveLength(1);
		expect(Object.values(WORKFLOW)).not.toContain(broken.id);
	});
});
