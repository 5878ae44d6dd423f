import fc from 'fast-check';
import { ATTRIBUTE_IDS } from '../../../lib/directory/attributeIds';
import type { DirectoryErrorKind } from '../../../lib/directory/errors';
import { explainResult, isAlreadyMember, isNotAMember, type Operation } from '../../../lib/directory/resultCodes';
import { BY_CODE, BY_WIN32 } from '../../../lib/directory/resultTable';

type Row = readonly [
	operation: Operation,
	code: number,
	text: string,
	kind: DirectoryErrorKind,
	win32: string | undefined,
	meaning: string,
];

const AD = (win32: string, rest: string) => `${win32}: ${rest}, data 0\u0000`;

describe('the answer of Active Directory', () => {
	test.each<Row>([
		['add', 68, AD('00002071', 'UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS)'), 'taken', '00002071', 'DN exists'],
		['add', 68, AD('00000524', 'UpdErr: DSID-031A11E2, problem 6005'), 'taken', '00000524', 'account name exists'],
		['add', 19, AD('000021C8', 'AtrErr: DSID-03200E79, #1: Att 90290'), 'taken', '000021C8', 'UPN exists'],
		['modify', 19, AD('0000052D', 'AtrErr: DSID-03191083, #1'), 'person', '0000052D', 'password policy'],
		['modify', 53, AD('0000052D', 'SvcErr: DSID-031A12D2'), 'person', '0000052D', 'enabled without a password'],
		['add', 19, AD('000020B5', 'AtrErr: DSID-03152392, #1: Att 9a'), 'person', '000020B5', 'a manager who is none'],
		['add', 80, AD('00000523', 'SysErr: DSID-031A1202'), 'person', '00000523', 'a bad account name'],
		['add', 53, AD('00000523', 'SvcErr: DSID-031A1202'), 'person', '00000523', 'a bad account name'],
		['modify', 19, AD('00002082', 'AtrErr: DSID-03151817, #1'), 'person', '00002082', 'a value out of range'],
		['modify', 19, AD('00002081', 'AtrErr: DSID-03151817, #1'), 'person', '00002081', 'several values'],
		['modify', 16, AD('0000200A', 'AttErr: DSID-03151817'), 'configuration', '0000200A', 'an unknown attribute'],
		['add', 65, AD('00002014', 'UpdErr: DSID-0315166D'), 'configuration', '00002014', 'an attribute of others'],
		['add', 65, AD('0000207D', 'UpdErr: DSID-0315166D'), 'configuration', '0000207D', 'an attribute of others'],
		['add', 32, AD('0000208D', 'NameErr: DSID-031001E5'), 'configuration', '0000208D', 'no such OU'],
		['add', 32, AD('00002089', 'UpdErr: DSID-031B0D12'), 'configuration', '00002089', 'no such parent'],
		['add', 50, AD('00002098', 'SecErr: DSID-03150F94'), 'person', '00002098', 'no rights'],
		['modify', 50, AD('00000005', 'SecErr: DSID-031A11E0'), 'person', '00000005', 'no rights'],
		['modify', 53, AD('0000001F', 'SvcErr: DSID-031A12D2'), 'configuration', '0000001F', 'a password in clear'],
		[
			'modify',
			53,
			AD('0000209A', 'SvcErr: DSID-031A1021'),
			'configuration',
			'0000209A',
			'an attribute of the directory',
		],
		['search', 1, AD('000004DC', 'LdapErr: DSID-0C0907C2, comment: In order to'), 'lost', '000004DC', 'not bound'],
		['search', 10, AD('0000202B', 'RefErr: DSID-031007F9'), 'configuration', '0000202B', 'a referral'],
		['search', 51, '', 'busy', undefined, 'busy'],
		['search', 52, '', 'busy', undefined, 'unavailable'],
		['search', 3, '', 'busy', undefined, 'a time limit'],
		['search', 4, '', 'busy', undefined, 'a size limit'],
		['search', 11, '', 'busy', undefined, 'an administrative limit'],
		['bind', 8, '', 'configuration', undefined, 'encryption is asked for'],
	])('to %s of %i %j is of the kind %s (%s): %s', (operation, code, text, kind, win32) => {
		expect(explainResult(code, text, operation)).toMatchObject({ kind, code });
		expect(explainResult(code, text, operation).win32).toBe(win32);
	});

	// The reference's table gives these to the builder: every person would fail in the same way.
	test.each<Row>([
		[
			'add',
			16,
			AD('00000057', 'LdapErr: DSID-0C090D8B, comment: Error in attribute conversion operation'),
			'configuration',
			'00000057',
			'an unknown attribute',
		],
		[
			'conditional modify',
			16,
			AD('00000057', 'LdapErr: DSID-0C090D8B, comment: Error in attribute conversion operation'),
			'configuration',
			'00000057',
			'an unknown attribute, and nobody changed the object',
		],
		['modify', 53, AD('00002035', 'SvcErr: DSID-031A12D2'), 'configuration', '00002035', 'a badly encoded password'],
	])('to %s of %i %j stops the run (%s, %s): %s', (operation, code, text, kind, win32) => {
		expect(explainResult(code, text, operation)).toMatchObject({ kind, win32 });
	});
});

describe('the answer of Samba', () => {
	test.each<Row>([
		['add', 68, "00002071: samldb: samAccountName 'ada' already in use!", 'taken', '00002071', 'account name exists'],
		['add', 68, 'Entry CN=Ada,OU=People,DC=x already exists', 'taken', undefined, 'DN exists, with no Windows code'],
		['add', 19, "0000202F: samldb: userPrincipalName 'a@x' already in use!", 'taken', '0000202F', 'UPN exists'],
		['modify', 19, '0000052D: Constraint violation - check_password_restrictions: too short', 'person', '0000052D', ''],
		['modify', 1, '00002020: Operation unavailable without authentication', 'lost', '00002020', 'not bound'],
		['add', 21, '0000200B: invalid length', 'person', '0000200B', 'too long'],
		['add', 16, '0000200A: unknown attribute', 'configuration', '0000200A', 'an unknown attribute'],
		['add', 65, '00002014: objectclass_attrs: attribute not allowed', 'configuration', '00002014', ''],
		['add', 20, '0000200D: attribute has several values', 'person', '0000200D', 'two values'],
		['add', 19, '000020B5: extended_dn_in: missing DN', 'person', '000020B5', 'a manager who is none'],
		['add', 34, '', 'configuration', undefined, 'a bad DN'],
		['add', 32, '00002030: objectclass: Cannot add, parent does not exist!', 'configuration', '00002030', 'no OU'],
		['modify', 67, '', 'configuration', undefined, 'cn as a value'],
		['add', 50, 'acl: unable to get access', 'person', undefined, 'no rights, with no Windows code'],
		['search', 12, '', 'configuration', undefined, 'an unknown control, with no words'],
		['add', 53, '0000052D: setup_io: password too short', 'person', '0000052D', 'password policy'],
	])('to %s of %i %j is of the kind %s (%s) %s', (operation, code, text, kind, win32) => {
		expect(explainResult(code, text, operation)).toMatchObject({ kind, code });
		expect(explainResult(code, text, operation).win32).toBe(win32);
	});
});

describe('a refused conditional Modify', () => {
	test.each<Row>([
		['conditional modify', 16, '', 'conflict', undefined, 'the old value is not there'],
		['conditional modify', 20, '', 'conflict', undefined, 'the new value is there already'],
		['conditional modify', 20, '0000200D: several values', 'conflict', '0000200D', 'somebody added another one'],
		['conditional modify', 19, '', 'conflict', undefined, 'a rule was broken meanwhile'],
		['conditional modify', 20, 'value already exists', 'conflict', undefined, 'in words like those of a taken name'],
		['conditional modify', 19, '000020B5: AtrErr', 'person', '000020B5', 'a value that is wrong anyhow'],
		['conditional modify', 16, '0000200A: AttErr', 'configuration', '0000200A', 'an unknown attribute'],
		['conditional modify', 50, '', 'person', undefined, 'no rights'],
		['modify', 16, '', 'person', undefined, 'no condition, no conflict'],
		['modify', 20, '', 'person', undefined, 'no condition, no conflict'],
	])('(%s) of %i %j is of the kind %s (%s): %s', (operation, code, text, kind) => {
		expect(explainResult(code, text, operation).kind).toBe(kind);
	});
});

describe('an answer about one object', () => {
	test.each<Row>([
		['modify', 32, AD('0000208D', 'NameErr: DSID-03100241, problem 2001'), 'conflict', '0000208D', 'it is gone'],
		['conditional modify', 32, '00002030: No such Base DN: CN=x', 'conflict', '00002030', 'it is gone'],
		['modify', 32, "00000525: specified dn doesn't exist", 'person', '00000525', 'a member who is none'],
		['add', 32, AD('0000208D', 'NameErr: DSID-031001E5'), 'configuration', '0000208D', 'its unit is none'],
		['search', 32, AD('0000208D', 'NameErr: DSID-031001E5'), 'configuration', '0000208D', 'the base is none'],
		['rename', 32, AD('0000208D', 'NameErr: DSID-031001E5'), 'person', '0000208D', 'it or its new unit is gone'],
		['rename', 32, '00002030: objectclass: Cannot rename CN=x, entry does not exist!', 'conflict', '00002030', ''],
		['rename', 32, AD('00002089', 'UpdErr: DSID-031B0D12'), 'configuration', '00002089', 'its new unit is none'],
		[
			'rename',
			80,
			'00002095: objectclass: Cannot rename CN=x, parent does not exist!',
			'configuration',
			'00002095',
			'',
		],
		['rename', 68, AD('00002071', 'UpdErr: DSID-031B0D12'), 'taken', '00002071', 'another one has its name'],
		['rename', 50, AD('00000005', 'SecErr: DSID-03152E29'), 'person', '00000005', 'no rights, or protected'],
		['rename', 53, AD('00002035', 'SvcErr: DSID-03190DE4'), 'person', '00002035', 'a name of another kind'],
		['rename', 64, AD('00002099', 'NamErr: DSID-03152E29'), 'person', '00002099', 'a bad name'],
		['delete', 66, AD('00002015', 'UpdErr: DSID-031A0F4F'), 'person', '00002015', 'others below it'],
		['delete', 32, AD('0000208D', 'NameErr: DSID-031001E5'), 'conflict', '0000208D', 'it is gone'],
		['delete', 50, AD('00000005', 'SecErr: DSID-031A11ED'), 'person', '00000005', 'no rights, or protected'],
		['delete', 53, AD('00002094', 'SvcErr: DSID-031A11ED'), 'person', '00002094', 'of the system'],
		['delete', 80, 'error in module samldb: Other during LDB_DELETE (80)', 'person', undefined, 'of the system'],
		['search', 12, AD('00000057', 'LdapErr: DSID-0C090AC1'), 'busy', '00000057', 'a page that is lost'],
		['modify', 1, '00002020: operations error at samldb.c', 'person', '00002020', 'the request, not the logon'],
		['modify', 1, '', 'lost', undefined, 'nobody knows'],
	])('to %s of %i %j is of the kind %s (%s): %s', (operation, code, text, kind, win32) => {
		expect(explainResult(code, text, operation)).toMatchObject({ kind, code });
		expect(explainResult(code, text, operation).win32).toBe(win32);
	});
});

describe('the attribute of an answer', () => {
	test.each<[text: string, attribute: string | undefined]>([
		[
			AD('00002082', 'AtrErr: DSID-03151817, #1: 0: 00002082: problem 1005, data 0, Att 2008d (department):len 130'),
			'department',
		],
		[AD('00002082', 'AtrErr: DSID-03151817, #1: 0: 00002082: problem 1005, data 0, Att 2008d:len 130'), 'department'],
		[AD('000020B5', 'AtrErr: DSID-03152392, #1: Att 15000a'), 'manager'],
		[AD('00002082', 'AtrErr: #1: Att 7fff0001'), undefined],
		[AD('000021C8', 'AtrErr: DSID-03200E79'), 'userPrincipalName'],
		[AD('00000524', 'UpdErr: DSID-031A11E2'), 'sAMAccountName'],
		["0000200B: objectclass_attrs: attribute 'title' on entry 'CN=x' contains at least one invalid value!", 'title'],
		[
			"0000200B: objectclass_attrs: attribute 'msDS-cloudExtensionAttribute1' on entry",
			'msDS-cloudExtensionAttribute1',
		],
		['0000200D: SINGLE-VALUE attribute title on CN=x specified more than once', 'title'],
		["00002071: samldb: samAccountName 'x' already in use!", 'sAMAccountName'],
		['Element title has empty attribute in ldb message (CN=x)!', 'title'],
		['busy', undefined],
	])('%j is about %s', (text, attribute) => {
		const facts = explainResult(19, text, 'modify');
		expect(facts.attribute).toBe(attribute);
		if (attribute) expect(facts.message).toMatch(new RegExp(`\\(attribute ${attribute}\\)\\.$`));
	});

	test('is the number 90290 for userPrincipalName: the prefix 1.2.840.113556.1.4 and 656', () => {
		const known = new Map(ATTRIBUTE_IDS);
		expect(known.get(0x90290)).toBe('userPrincipalName');
		expect(known.size).toBe(ATTRIBUTE_IDS.length);
	});
});

describe('an answer about a member', () => {
	test.each<[code: number, text: string, already: boolean, not: boolean]>([
		[68, AD('00000562', 'UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS)'), true, false],
		[68, 'Attribute member already exists for target GUID ca915cfc', true, false],
		[68, '00002071: samldb: member CN=x already set via primaryGroupID 513', true, false],
		[68, "00002071: samldb: samAccountName 'x' already in use!", false, false],
		[53, AD('00000561', 'SvcErr: DSID-031A1236, problem 5003 (WILL_NOT_PERFORM)'), false, true],
		[53, 'Attribute member already deleted for target GUID ca915cfc', false, true],
		[53, "Attribute member doesn't exist for target GUID ca915cfc", false, true],
		[53, '00002035: Unable to find GUID for DN CN=x', false, false],
		[50, AD('00000562', 'SecErr'), false, false],
	])('%i %j: already a member %s, not a member %s', (code, text, already, not) => {
		for (const operation of ['modify', 'conditional modify', 'conditional modify of several'] as const) {
			const facts = explainResult(code, text, operation);
			expect([isAlreadyMember(facts), isNotAMember(facts)]).toEqual([already, not]);
			if (already || not) expect(facts.kind).toBe('person');
		}
	});
});

describe('what is to be done', () => {
	test('fits a mapped account and a row alike: no text sends to a node that may not be there', () => {
		for (const [, message, whatToDo] of [...Object.values(BY_WIN32), ...Object.values(BY_CODE)]) {
			expect(`${message} ${whatToDo}`).not.toMatch(/Attribute Map|name ladder/);
			expect(message).toMatch(/^[A-Z].*\.$/);
			expect(whatToDo).toMatch(/\.$/);
		}
	});
});

describe('a refused logon', () => {
	test.each([
		['525', 'there is no such account'],
		['52e', 'the name or the password is wrong'],
		['530', 'hour'],
		['531', 'computer'],
		['532', 'password has expired'],
		['533', 'disabled'],
		['701', 'account has expired'],
		['773', 'must change its password'],
		['775', 'locked out'],
	])('with data %s says: %s', (data, words) => {
		const text = `80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data ${data}, v1db1\u0000 Code: 0x31`;
		const facts = explainResult(49, text, 'bind');
		expect(facts).toMatchObject({ kind: 'configuration', code: 49, win32: '80090308' });
		expect(facts.message).toContain(words);
		expect(facts.whatToDo).not.toBe('');
	});

	test('with data in capitals or without data has words too', () => {
		expect(explainResult(49, '80090308: LdapErr: error, data 52E, v1db1', 'bind').message).toContain(
			'password is wrong',
		);
		expect(explainResult(49, '', 'bind')).toMatchObject({
			kind: 'configuration',
			message: 'The directory refuses the logon.',
		});
	});

	test('with a code that nobody knows names the code', () => {
		expect(explainResult(99, '', 'bind')).toMatchObject({
			kind: 'configuration',
			message: 'The directory refuses the logon with result 99.',
		});
	});
});

describe('what the directory said', () => {
	test.each([
		['0000052D: AtrErr: DSID-1\n\t0: x\n\u0000 Code: 0x13', '0000052D: AtrErr: DSID-1 0: x'],
		['busy Code: 0x33', 'busy'],
		['a\u0000b', 'a b'],
		['a\u202eb\u200b', 'a b'],
		['Code: 0x33 is not the end', 'Code: 0x33 is not the end'],
	])('%j is shown as %j', (text, said) => {
		expect(explainResult(53, text, 'modify').said).toBe(said);
	});

	test.each(['', ' ', '\u0000', ' Code: 0x35', 'Code: 0x35'])('is left out when it is nothing: %j', (text) => {
		expect(explainResult(53, text, 'modify')).not.toHaveProperty('said');
	});

	test('never has a control character and never more than 300 characters', () => {
		const operation = fc.constantFrom<Operation>(
			'bind',
			'search',
			'add',
			'modify',
			'conditional modify',
			'rename',
			'delete',
		);
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 130 }), fc.string({ unit: 'binary' }), operation, (code, text, asked) => {
				const facts = explainResult(code, text.repeat(20), asked);
				expect(facts.said ?? '').not.toMatch(/[\p{Cc}\p{Cf}]/u);
				expect((facts.said ?? '').length).toBeLessThanOrEqual(300);
				expect(facts.message).toMatch(/\.$/);
				expect(facts.whatToDo).toMatch(/\.$/);
			}),
		);
	});

	test('names the Windows code in capitals, and only where it stands first', () => {
		expect(explainResult(53, '0000052d: x', 'modify').win32).toBe('0000052D');
		expect(explainResult(53, 'see 0000052D: x', 'modify')).not.toHaveProperty('win32');
		expect(explainResult(53, '52D: x', 'modify')).not.toHaveProperty('win32');
	});

	test('with a result that nobody knows is still told by number', () => {
		expect(explainResult(123, '', 'add')).toMatchObject({ kind: 'person', code: 123 });
		expect(explainResult(123, '', 'add').message).toContain('123');
	});
});
