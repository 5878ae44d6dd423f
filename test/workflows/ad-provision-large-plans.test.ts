/** Options of Apply Plan that hold a plan. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { readApplySettings } from '../../nodes/AdProvision/operations/plan/applying';
import { readSelection } from '../../nodes/AdProvision/operations/plan/selection';

// n8n's engine (its isolate has 128 MB and 5 seconds) may not get through a plan of 10,000 people.
test('a large plan made again is read without the expression engine, and so are the options beside it', () => {
	const options: Readonly<Record<string, unknown>> = {
		stillPlanned: "={{ $('Create Plan').first().json }}",
		canary: 5,
		leaveOut: '',
	};
	const large = { changes: [] };
	const context = {
		getInputData: () => [{ json: {} }],
		getWorkflowDataProxy: () => ({ $: () => ({ first: () => ({ json: large }) }) }),
		getNodeParameter: (name: string, _: number, fallback: unknown, raw?: object) => {
			const option = options[name.replace('options.', '')];
			if (raw) return name === 'options' ? options : option;
			if (name === 'options' || name === 'options.stillPlanned') throw new Error('The engine was asked.');
			return option ?? fallback;
		},
	} as unknown as IExecuteFunctions;
	expect(readSelection(context)).toEqual({ leaveOut: [], again: { plan: large } });
	const parameters = {
		...context,
		getNodeParameter: (name: string, ...rest: never[]) =>
			name === 'dryRun' ? false : (context.getNodeParameter as (...given: unknown[]) => unknown)(name, ...rest),
	} as unknown as IExecuteFunctions;
	expect(readApplySettings(parameters, { kind: 'none' })).toMatchObject({ canary: 5, stopAfterFailures: null });
});
