/** Answers to a waiting run: as the desk gives them, and as an attacker would. */
import { claimsOf, postToRun, shownIn, signToken, type Answer, type Claims, type Reply } from '../../demo/desk.ts';
import type { User } from '../../demo/n8n/users.ts';
import type { WaitingPlan } from '../../demo/waitingPlans.ts';
import type { World } from '../../demo/world.ts';

export { postOnce, postToRun, signToken, type Answer, type Claims, type Reply } from '../../demo/desk.ts';

export type Given = {
	readonly by: User;
	/** Default: approve. */
	readonly decision?: 'approve' | 'decline';
	readonly leftOut?: readonly string[];
	readonly overLimit?: boolean;
	readonly comment?: string;
};

/** What the desk says of an answer to this question. */
export function answerOf(question: WaitingPlan, given: Given): Answer {
	const { planId, level } = question;
	const { by, decision = 'approve', leftOut = [], overLimit = false, comment = '' } = given;
	return {
		...{ planId, level, decision, leftOut, overLimit, comment, shown: shownIn(question) },
		...{ approverId: by.id, approver: by.email, approverName: `${by.firstName} ${by.lastName}` },
	};
}

/**
 * A token as the desk signs it.
 * @param changes of its claims: another level, a time that is past ...
 * @param secret default: the desk's
 */
export function tokenFor(
	{ jwtSecret }: Pick<World, 'jwtSecret'>,
	question: WaitingPlan,
	given: Given,
	{ changes = {}, secret = jwtSecret }: { readonly changes?: Partial<Claims>; readonly secret?: string } = {},
): string {
	return signToken(secret, { ...claimsOf(answerOf(question, given)), ...changes });
}

/** Answers as the desk does, again while the run judges another answer. */
export async function answer(world: Pick<World, 'jwtSecret'>, question: WaitingPlan, given: Given): Promise<Reply> {
	return await postToRun(question.resumeUrl, { token: tokenFor(world, question, given) });
}
