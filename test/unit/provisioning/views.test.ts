import { DirectoryError } from '../../../lib/directory/errors';
import { accountViews, marked } from '../../../lib/provisioning/plan/views';
import { SIGNING_KEY } from '../../support/directory';
import { account, DOMAIN_GUID, entryOf } from './census';

const REQUEST = { anchor: 'employeeID', markAttribute: 'carLicense', signingKey: SIGNING_KEY };
const OPTIONS = {
	...{ request: REQUEST, domainGuid: DOMAIN_GUID, inScope: true },
	protection: () => undefined,
	overtakenGuids: new Set<string>(),
};
const OTHER_GUID = '11111111-2a3b-4c5d-8e6f-0123456789ab';

describe('an account as the planner sees it', () => {
	test('has its key, its GUID and whether it is enabled', () => {
		expect(account('E-1')).toMatchObject({
			key: 'E-1',
			enabled: true,
			inScope: true,
			dn: expect.stringMatching(/^CN=/) as string,
		});
		expect(account('', { state: 'others' })).toMatchObject({ key: '', enabled: false, mark: undefined });
	});

	test.each([
		['that was not finished', 'pending'],
		['that left', 'left'],
	] as const)('%s bears its mark', (_what, state) => {
		expect(account('E-1', { state })).toMatchObject({ mark: { state }, markFault: undefined });
	});

	test.each([
		['signed with another key', { signedWith: 'another key of somebody' }, /another key/],
		['made for another account', { boundTo: OTHER_GUID }, /edited, or belongs to another account/],
		['that somebody has overtaken', { overtaken: true }, /somebody enabled it and disabled it again/],
	])('does not count a mark %s, and says why', (_what, given, words) => {
		const view = account('E-1', { state: 'left', ...given });
		expect(view.mark).toBeUndefined();
		expect(view.markFault).toMatch(words);
	});

	test('does not count the mark of a pending account whose key was changed', () => {
		expect(account('E-1', { state: 'pending', boundTo: 'E-2' })).toMatchObject({
			mark: undefined,
			markFault: expect.stringContaining('edited') as string,
		});
	});

	test('is enabled whatever mark was left on it', () => {
		const view = account('E-1', { state: 'left', attributes: { userAccountControl: '512' } });
		expect(view).toMatchObject({ enabled: true, mark: undefined, markFault: undefined });
	});

	test('has the snapshot of its leave, and says what is wrong with one that is not its own', () => {
		const view = account('E-1', { state: 'left', snapshotOf: '' });
		expect(view.snapshot).toMatchObject({ at: view.mark?.at });
		expect(view).not.toHaveProperty('snapshotFault');
		const copied = account('E-1', { state: 'left', snapshotOf: OTHER_GUID });
		expect(copied).toMatchObject({ mark: { state: 'left' }, snapshot: undefined });
		expect(copied.snapshotFault).toMatch(/edited, or belongs to another account/);
	});

	test('in the leaver OU is in scope only when it is marked as left', () => {
		expect(account('E-1', { state: 'left', inScope: 'left' }).inScope).toBe(true);
		expect(account('E-1', { state: 'others', inScope: 'left' }).inScope).toBe(false);
		expect(account('E-1', { state: 'pending', inScope: 'left' }).inScope).toBe(false);
		expect(account('E-1', { state: 'left', overtaken: true, inScope: 'left' }).inScope).toBe(false);
	});

	test('stops the plan when it cannot be seen whether it is disabled', () => {
		const { dn, attributes } = entryOf('E-1');
		const entry = { dn, attributes: { ...attributes, useraccountcontrol: undefined as never } };
		expect(() => accountViews([entry], OPTIONS)).toThrow(DirectoryError);
		expect(() => accountViews([entry], OPTIONS)).toThrow(/cannot read userAccountControl/);
		// Outside the scope anything may have the key, a contact for example.
		expect(accountViews([entry], { ...OPTIONS, inScope: false })).toMatchObject([{ enabled: false }]);
	});
});

test('marked are those only that are disabled and bear a genuine mark', () => {
	const entries = [
		entryOf('E-1', { state: 'left' }),
		entryOf('E-2', { state: 'left', signedWith: 'another key of somebody' }),
		entryOf('E-3', { state: 'pending' }),
		entryOf('E-4', { state: 'others' }),
		entryOf('E-5'),
		entryOf('E-6', { state: 'left', attributes: { userAccountControl: '512' } }),
	];
	const found = marked(entries, OPTIONS);
	expect(found.map(({ entry }) => entry)).toEqual([entries[0], entries[2]]);
	expect(found.map(({ mark }) => mark.state)).toEqual(['left', 'pending']);
});
