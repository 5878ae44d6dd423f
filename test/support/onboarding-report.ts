/** What the onboarding template's step "Report" puts out. */
import type { Execution } from '../../demo/n8n/client.ts';

export type Report = Readonly<Record<'created' | 'notApplied' | 'heldBack' | 'notWrittenBack', readonly string[]>> & {
	readonly what: string;
	readonly message: string;
	readonly approvedBy: string;
	readonly encryptedPasswords: ReadonlyArray<{ readonly account: string; readonly encryptedPassword: string }>;
};
export const reportOf = (execution: Execution) => execution.out('Report')[0]?.[0]?.json as unknown as Report;
