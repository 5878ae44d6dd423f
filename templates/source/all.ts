/** The templates, children first: the order in which they are imported and published. */
import { askDesk } from './askDesk.ts';
import { desk } from './desk.ts';
import { failedRuns } from './failedRuns.ts';
import { remind } from './remind.ts';
import { onePerson } from './onePerson.ts';
import { rehire } from './rehire.ts';
import { template as customHcm } from './customHcm.ts';
import type { Template } from './flow.ts';
import { template as reconcile } from './reconcile.ts';
import { template as offboard } from './offboard.ts';
import { template as onboard } from './onboard.ts';
import { template as undoRun } from './undoRun.ts';

/** By file name, without `.json`. */
export const TEMPLATES: Readonly<Record<string, Template>> = {
	'report-failed-runs': failedRuns,
	'ask-the-approval-desk': askDesk,
	'answer-plans-at-the-approval-desk': desk,
	'remind-approvers-and-tidy-up': remind,
	'onboard-new-hires-from-jumpcloud': onboard,
	'offboard-leavers': offboard,
	'reconcile-every-night': reconcile,
	'undo-a-run': undoRun,
	'provision-one-person': onePerson,
	'rehire-one-person': rehire,
	'provision-from-custom-hcm': customHcm,
};
