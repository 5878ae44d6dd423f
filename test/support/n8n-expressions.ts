/**
 * What n8n gives for an expression in a parameter: by the isolate that n8n 2.41 runs by default ("vm"), or by its older engine ("legacy"). In a
 * process of its own (test/support/expression-engine.ts).
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export type Engine = 'vm' | 'legacy';
export type Question = { readonly expression: string; readonly records: readonly object[] };
export type Evaluation = { readonly value: unknown } | { readonly error: string };
export type ExpressionEngine = {
	/** One question at a time; the answers are in the order of the records. */
	readonly evaluate: (expression: string, records: readonly object[]) => Promise<readonly Evaluation[]>;
	readonly close: () => void;
};

/** @throws when n8n's engine does not start */
export async function openExpressionEngine(engine: Engine): Promise<ExpressionEngine> {
	const child = fork(path.join(__dirname, 'expression-engine.ts'), [engine], {
		execArgv: ['--require', path.join(__dirname, '../../bench/register.cjs')],
		// As they are: JSON would lose dates, undefined, NaN and -0.
		serialization: 'advanced',
	});
	const gone = new Promise<never>((_, reject) => {
		child.once('exit', (code) => reject(new Error(`n8n's engine "${engine}" ended with code ${code}.`)));
	});
	gone.catch(() => undefined);
	const message = async () => ((await Promise.race([once(child, 'message'), gone])) as readonly unknown[])[0];
	await message();
	return {
		evaluate: async (expression, records) => {
			const answer = message();
			child.send({ expression, records } satisfies Question);
			return (await answer) as readonly Evaluation[];
		},
		close: () => child.kill(),
	};
}
