/** A plan as people read it, in every form in which it is sent. */
import type { Digest } from '../../contracts';
import { FORM_CSS, digestForm } from './formHtml';
import { digestMail } from './mailHtml';
import { digestMarkdown } from './markdown';
import { modelOf } from './model';
import type { PlanWithoutDigest } from './head';
import { digestText } from './text';

export type { PlanWithoutDigest } from './head';

/** People that a digest shows; more are a page that nobody reads. */
export const DEFAULT_ROWS = 50;

export type DigestOptions = {
	/** Of everything that the approver sees. */
	readonly hash: string;
	/** People shown; those with a high risk all are, whatever the number. */
	readonly rows?: number;
};

/** All forms show the same people: as many as asked for, and as a mail program shows of one message. */
export function makeDigest(plan: PlanWithoutDigest, { hash, rows = DEFAULT_ROWS }: DigestOptions): Digest {
	const { html, shown } = digestMail(modelOf(plan, hash, rows));
	return {
		hash,
		title: shown.title,
		text: digestText(shown),
		markdown: digestMarkdown(shown),
		html,
		formHtml: digestForm(shown),
		formCss: FORM_CSS,
		cut: shown.cut,
	};
}
