import type { Bind, Change, Plan } from '../../../../lib/contracts';
import { DirectoryError } from '../../../../lib/directory/errors';
import { keyId } from '../../../../lib/directory/mark';
import { checkApproval, type Approval } from '../../../../lib/provisioning/apply/approval';
import { changeId, sealed } from '../../../../lib/provisioning/seals';

const KEY = 'a signing key of the tests';
const DOMAIN = '11111111-1111-1111-1111-111111111111';
const HASH = 'f'.repeat(64);

function bindOf(changes: Partial<Bind> = {}): Bind {
	return {
		...{ planId: 'plan-1', kind: 'apply', createdAt: '2026-03-01T08:00:00Z', expiresAt: '2026-03-04T08:00:00Z' },
		...{ domainGuid: DOMAIN, invocationId: '', usn: '1', anchor: 'employeeID', markAttribute: 'carLicense' },
		...{ guardOk: true, digestHash: HASH, keyId: keyId(KEY) },
		...changes,
	};
}

function changeOf(key: string, bind: Partial<Bind> = {}, changes: Partial<Change> = {}, signingKey = KEY): Change {
	const whole = bindOf(bind);
	return sealed(signingKey, 'change', {
		...{ id: changeId(whole.planId, key), bind: whole, key, displayName: `Person ${key}`, lifecycle: 'mover' as const },
		...{ target: { guid: `guid-${key}`, dn: `CN=${key}`, sid: 'S-1', usn: '1' }, dependsOn: [], steps: [] },
		...{ stepsHash: '', reasons: [], notes: [], risk: 'low' as const, riskReasons: [] },
		...changes,
	});
}

function planOf(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
	const [first] = changes;
	const plan = {
		...{ formatVersion: 1, kind: 'apply', id: 'plan-1', createdAt: '2026-03-01T08:00:00Z' },
		...{ expiresAt: '2026-03-04T08:00:00Z', keyId: keyId(KEY), changes, notes: [] },
		directory: { source: 'live', domainGuid: DOMAIN, domain: 'corp.example.com', dc: '', invocationId: '', usn: '1' },
		guard: { ok: first?.bind.guardOk ?? true, breaches: [] },
		digest: { hash: HASH },
		...more,
	} as unknown as Plan;
	return sealed(KEY, 'plan', plan);
}

function check(changes: Partial<Approval>): ReturnType<typeof checkApproval> {
	const facts = { signingKey: KEY, now: '2026-03-02T08:00:00Z', domainGuid: DOMAIN, approvedOverLimit: '' };
	return checkApproval({ changes: [], ...facts, ...changes });
}

function refusal(changes: Partial<Approval>): DirectoryError {
	try {
		check(changes);
	} catch (error) {
		if (error instanceof DirectoryError) return error;
		throw error;
	}
	throw new Error('It was not refused.');
}

const [ada, bob] = [changeOf('A'), changeOf('B')];

test('a whole plan is taken, and so is any part of it', () => {
	const plan = planOf([ada, bob]);
	expect(check({ plan })).toEqual({ plan, changes: [ada, bob] });
	expect(check({ plan, changes: [bob] }).changes).toEqual([bob]);
	expect(check({ changes: [bob] })).toEqual({ plan: undefined, changes: [bob] });
	expect(check({ plan: planOf([]) }).changes).toEqual([]);
	// As n8n hands it on.
	expect(check({ plan: JSON.parse(JSON.stringify(plan)) as unknown }).changes).toEqual([ada, bob]);
});

test.each<[string, Partial<Approval>, RegExp]>([
	['no plan', { plan: { hello: 1 } }, /is none/],
	['text', { plan: 'plan' }, /is none/],
	['no change', { changes: [{}] }, /Item 0 is no change/],
	['nothing', { changes: [null] }, /Item 0 is no change/],
	['an edited change', { changes: [{ ...ada, key: 'Z' }] }, /Item 0 \(Person A\) is not what was sealed/],
	['a change without seal', { changes: [{ ...ada, seal: undefined }] }, /not what was sealed/],
	['the seal of another change', { changes: [{ ...ada, seal: bob.seal }] }, /not what was sealed/],
	['a change with a further field', { changes: [{ ...ada, extra: 1 }] }, /not what was sealed/],
	['another key', { changes: [changeOf('A', {}, {}, 'another key of the tests')] }, /another signing key/],
	['an edited plan', { plan: { ...planOf([ada]), notes: ['x'] } }, /The plan is not what was sealed/],
	['a change taken out of a plan', { plan: { ...planOf([ada, bob]), changes: [ada] } }, /not what was sealed/],
	['changes swapped in a plan', { plan: { ...planOf([ada, bob]), changes: [bob, ada] } }, /not what was sealed/],
	['a plan as a change', { changes: [planOf([ada])] }, /Item 0 is no change/],
	['a change as a plan', { plan: ada }, /is none/],
	['another format', { plan: planOf([ada], { formatVersion: 2 as 1 }) }, /format 2/],
	[
		'changes of two plans',
		{ changes: [ada, changeOf('B', { planId: 'plan-2' })] },
		/of two plans: Person A of plan-1, Person B of plan-2/,
	],
	[
		'a change of another plan beside a plan',
		{ plan: planOf([ada]), changes: [changeOf('A', { planId: 'plan-2' })] },
		/not of the plan that came with it/,
	],
	[
		'a change that the plan does not have',
		{ plan: planOf([ada]), changes: [bob] },
		/not of the plan that came with it/,
	],
	['the same change twice', { changes: [ada, ada] }, /came in twice/],
	['one person twice', { changes: [ada, changeOf(' a ', {}, { id: 'x' })] }, /came in twice/],
	['one account twice', { changes: [ada, changeOf('B', {}, { target: ada.target })] }, /came in twice/],
	['expired', { changes: [ada], now: '2026-03-04T08:00:00Z' }, /expired on 2026-03-04 08:00:00 UTC/],
	['an expiry that is none', { changes: [changeOf('A', { expiresAt: 'never' })] }, /expired/],
	['an expired plan without changes', { plan: planOf([]), now: '2027-01-01T00:00:00Z' }, /expired/],
	['another domain', { changes: [ada], domainGuid: DOMAIN.replaceAll('1', '2') }, /another domain/],
	[
		'a snapshot of another domain',
		{ plan: planOf([ada], { directory: { ...planOf([]).directory, source: 'snapshot', domainGuid: 'x' } }) },
		/another domain \(corp\.example\.com\)/,
	],
])('%s is refused in words', (_name, changes, message) => {
	const error = refusal(changes);
	expect(error).toMatchObject({ kind: 'configuration' });
	expect(error.message).toMatch(message);
	expect(error.whatToDo).not.toBe('');
});

describe('a plan beyond its guards', () => {
	const over = changeOf('A', { guardOk: false });

	test.each([
		['without approval', ''],
		['with the hash of another plan', 'e'.repeat(64)],
		['with the beginning of the hash', HASH.slice(0, 63)],
	])('is refused %s', (_name, approvedOverLimit) => {
		expect(refusal({ changes: [over], approvedOverLimit }).message).toMatch(/beyond its guards/);
	});

	test('says which', () => {
		const breaches = [
			{ rule: 'disable' as const, limit: 3, actual: 4, message: '4 people would be disabled; the limit is 3.' },
		];
		const plan = planOf([over], { guard: { ok: false, breaches } });
		expect(refusal({ plan }).message).toContain('4 people would be disabled; the limit is 3.');
	});

	test('is taken with the hash of this very plan, pasted with blanks or not', () => {
		expect(check({ changes: [over], approvedOverLimit: ` ${HASH}\n` }).changes).toEqual([over]);
	});
});
