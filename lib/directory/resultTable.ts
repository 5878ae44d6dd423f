/**
 * What the results of a directory mean (RFC 4511 appendix A; MS-ERREF 2.2) and what an operator does about them. The words fit whatever asked:
 * a mapped account, a row entered by hand, a group, an organisational unit.
 */
import type { DirectoryErrorKind } from './errors';

export type Explained = readonly [kind: DirectoryErrorKind, message: string, whatToDo: string];

/** Sub-codes of a refused bind, after "data" (Microsoft, "Common Active Directory bind errors"; MS-ERREF 2.2). */
export const BIND_REASONS: Readonly<Record<string, readonly [string, string]>> = {
	'525': ['there is no such account', 'Check the bind name: a distinguished name, a UPN, or DOMAIN\\user.'],
	'52e': ['the name or the password is wrong', 'Check bind name and password in the credential.'],
	'530': ['the account may not log on at this hour', "Change the service account's logon hours."],
	'531': ['the account may not log on from this computer', "Change the service account's list of workstations."],
	'532': [
		"the account's password has expired",
		'Set a new password for the service account and put it into the credential.',
	],
	'533': ['the account is disabled', 'Enable the service account, or use another one.'],
	'701': ['the account has expired', "Change the service account's expiry date."],
	'773': [
		'the account must change its password first',
		'Set a password without "must change at next logon" for the service account.',
	],
	'775': ['the account is locked out', 'Unlock the service account, and look for what used a wrong password.'],
};

const RIGHTS =
	'Give the service account the rights that docs/rights.md lists, on the organisational unit of the object. An account with adminCount 1 has rights of its own, which no delegation changes.';
const MEND_VALUE =
	'Mend the value where it comes from (the HR system, or the item), or the row that writes the attribute.';
const LEAVE_OUT = 'Take the attribute out of what is written (its row, or the mapping).';
const OTHER_NAME = 'Give further candidates for the name, or look who has it.';
const RUN_AGAIN = 'Run again: what is done already is found and left as it is.';
const CHECK_OU = 'Check the organisational unit: it must exist, and it is never created by writing an account.';
const PASSWORD_POLICY = "Look at the domain's password policy and the fine-grained policies that apply to the account.";
const ENCRYPT = 'Use LDAPS or StartTLS in the credential.';
const NO_UNIT = 'The object, or the organisational unit it is to stand in, does not exist.';
const NOT_IN_CLASS = 'An attribute does not belong to objects of this kind.';
const BAD_FORM = 'A value has a length or a form that its attribute does not allow.';
const ONE_VALUE = 'An attribute that takes one value would get two, or a value stands twice.';
const NO_RIGHT = 'The service account has no right to do this.';
const GONE =
	'The object is not there any more: it was moved, renamed or deleted since it was read; nothing was written.';

export const CONFLICT: Explained = [
	'conflict',
	'Somebody changed the object since it was read; nothing was written.',
	'Run again: it is read afresh.',
];
export const TAKEN: Explained = ['taken', 'A name is in use already.', OTHER_NAME];
export const ALREADY_MEMBER: Explained = [
	'person',
	'The object is a member of the group already.',
	'Nothing is to be done.',
];
export const NOT_A_MEMBER: Explained = ['person', 'The object is not a member of the group.', 'Nothing is to be done.'];
export const REQUEST_FAILED: Explained = [
	'person',
	'The directory failed to carry out the request.',
	'Look at what it said; an attribute that does not fit the object is a usual reason.',
];
export const SYSTEM_OBJECT: Explained = [
	'person',
	'The object belongs to the directory itself and cannot be deleted.',
	'Leave it; only objects that somebody made can be deleted.',
];

/** By Win32 code (MS-ERREF 2.2). */
export const BY_WIN32: Readonly<Record<string, Explained>> = {
	'00000005': ['person', NO_RIGHT, RIGHTS],
	'0000001F': ['configuration', 'The directory takes passwords over an encrypted connection only.', ENCRYPT],
	'000004DC': ['lost', 'The directory has forgotten who is logged on.', RUN_AGAIN],
	'00000523': [
		'person',
		'The directory does not take the account name.',
		'Choose a name without " / \\ [ ] : ; | = , + * ? < > @, that does not end with a dot, and of at most 20 characters.',
	],
	'00000524': ['taken', 'The account name is in use already.', OTHER_NAME],
	'00000525': [
		'person',
		'The account that was to be made a member does not exist.',
		'Look for it in the directory: it may have been moved, renamed or deleted meanwhile.',
	],
	'0000052D': [
		'person',
		"The password does not meet the domain's policy, or an account without a password was to be enabled.",
		PASSWORD_POLICY,
	],
	'0000055E': [
		'person',
		"The group is the account's primary group, which it cannot leave.",
		'Give the account another primary group first.',
	],
	'00000561': NOT_A_MEMBER,
	'00000562': ALREADY_MEMBER,
	'0000200A': [
		'configuration',
		"An attribute is not in the domain's schema.",
		`${LEAVE_OUT} Or extend the schema: Exchange brings the extension attributes, for example.`,
	],
	'0000200B': ['person', BAD_FORM, MEND_VALUE],
	'0000200D': ['person', ONE_VALUE, MEND_VALUE],
	'00002014': ['configuration', NOT_IN_CLASS, LEAVE_OUT],
	'00002015': [
		'person',
		'The object has others below it, so it is not deleted.',
		'Delete or move the objects below it first, and look what they are.',
	],
	'00002016': [
		'configuration',
		'The name of an object cannot be written as an attribute.',
		'Take cn, ou and name out of the attributes; renaming is an operation of its own.',
	],
	'00002028': ['configuration', 'The controller asks for a signed or encrypted connection.', ENCRYPT],
	'00002030': ['configuration', NO_UNIT, CHECK_OU],
	'00002035': [
		'configuration',
		'The directory does not let this attribute be written, or not in this form.',
		`${LEAVE_OUT} What the directory said tells more.`,
	],
	'00002071': TAKEN,
	'0000207D': ['configuration', NOT_IN_CLASS, LEAVE_OUT],
	'00002081': [
		'person',
		'The object has several values for an attribute that takes one, or a value is missing.',
		MEND_VALUE,
	],
	'00002082': ['person', 'A value is too long or too short for its attribute.', MEND_VALUE],
	'00002089': ['configuration', 'The organisational unit that the object is to stand in does not exist.', CHECK_OU],
	'0000208D': ['configuration', NO_UNIT, CHECK_OU],
	'00002095': ['configuration', 'The organisational unit that the object is to stand in does not exist.', CHECK_OU],
	'00002098': ['person', NO_RIGHT, RIGHTS],
	'0000209A': ['configuration', 'The attribute belongs to the directory itself and cannot be written.', LEAVE_OUT],
	'000020B5': [
		'person',
		'A distinguished name that was to be written (a manager, for example) leads to no object.',
		'Check that the object it names exists in the directory.',
	],
	'000021C7': ['taken', 'A service principal name is in use already.', 'Look which account has it.'],
	'000021C8': ['taken', 'The user principal name is in use already.', OTHER_NAME],
};

/** By LDAP result code, where the Win32 code says nothing more. */
export const BY_CODE: Readonly<Record<number, Explained>> = {
	1: ['lost', 'The directory did not accept the request on this connection.', RUN_AGAIN],
	2: [
		'configuration',
		'The controller does not understand the request.',
		'Use a writable domain controller of Active Directory.',
	],
	3: [
		'busy',
		'The directory took longer than its own time limit.',
		'Run again later, or narrow the search base in the credential.',
	],
	4: [
		'busy',
		'The directory returned as many objects as it is set to and no more.',
		'Narrow the search base in the credential, or the filter.',
	],
	7: [
		'configuration',
		'The controller does not offer this kind of logon.',
		'Log on with a bind name and a password, or let the controller map client certificates to accounts.',
	],
	8: ['configuration', 'The controller asks for a signed or encrypted connection.', ENCRYPT],
	11: ['busy', 'The directory has reached a limit of its own.', 'Run again later.'],
	12: [
		'configuration',
		'The controller does not know a feature that is needed.',
		'Use a writable domain controller of Active Directory.',
	],
	13: ['configuration', 'The controller asks for an encrypted connection.', ENCRYPT],
	16: ['person', 'An attribute is unknown or has not the value that was to be removed.', "Check the attribute's name."],
	17: ['configuration', "An attribute is not in the domain's schema.", LEAVE_OUT],
	19: ['person', 'The directory refuses a value: it breaks a rule of its attribute.', MEND_VALUE],
	20: ['person', ONE_VALUE, MEND_VALUE],
	21: ['person', BAD_FORM, MEND_VALUE],
	32: ['configuration', NO_UNIT, `${CHECK_OU} Check the search base in the credential too.`],
	34: [
		'configuration',
		'A distinguished name is not well formed.',
		'Check the organisational unit, values that name other objects, and the search base in the credential.',
	],
	48: [
		'configuration',
		'The controller does not take this kind of logon from this account.',
		'Use another account or another kind of logon.',
	],
	49: ['configuration', 'The directory refuses the logon.', 'Check bind name and password in the credential.'],
	50: ['person', NO_RIGHT, RIGHTS],
	51: ['busy', 'The controller is busy.', 'Run again later.'],
	52: ['busy', 'The controller is not available.', 'Run again later, or name another controller in the credential.'],
	53: [
		'person',
		'The directory is unwilling to do this.',
		'Look at what it said; often a password or a protected attribute is the reason.',
	],
	64: ['person', 'The directory does not take the name of the object.', 'Choose another name (cn) for it.'],
	65: ['configuration', NOT_IN_CLASS, LEAVE_OUT],
	66: [
		'person',
		'The object has others below it, so it is not deleted.',
		'Delete or move the objects below it first, and look what they are.',
	],
	67: [
		'configuration',
		'The name of an object cannot be written as an attribute.',
		'Take cn, ou and name out of the attributes; renaming is an operation of its own.',
	],
	68: TAKEN,
};

/** What a write to an object that was just read says when it is gone; never the organisational unit's fault. */
export const OBJECT_GONE: Explained = ['conflict', GONE, 'Run again: it is looked for afresh.'];

/** Renaming and moving, where it differs. */
export const AT_RENAME: Readonly<Record<string, Explained>> = {
	'32': [
		'person',
		'The object, or the organisational unit it is to be moved to, is not there (any more); nothing was moved.',
		'Check that the organisational unit exists; if it does, run again: the object is looked for afresh.',
	],
	'68': [
		'taken',
		'An object of this name stands in the organisational unit already.',
		'Give the object another name (cn), or look at the one that stands there.',
	],
	'50': [
		'person',
		'The service account has no right to move or rename this object, or the object is protected from accidental deletion.',
		'It needs delete-child on the old organisational unit (or delete on the object), create-child on the new one, and write on name and cn. An object that is protected from accidental deletion cannot be moved.',
	],
	'53': [
		'person',
		'The directory is unwilling to move or rename this object.',
		'Look at what it said; often the name does not fit the kind of object, or the object belongs to the system.',
	],
};

/** Deleting, where it differs. */
export const AT_DELETE: Readonly<Record<string, Explained>> = {
	'32': [
		'conflict',
		'The object is not there any more: it was moved, renamed or deleted since it was read.',
		'Run again: it is looked for afresh.',
	],
	'50': [
		'person',
		'The service account has no right to delete this object, or the object is protected from accidental deletion.',
		'It needs delete on the object, or delete-child on its organisational unit. Protection from accidental deletion is lifted in Active Directory Users and Computers.',
	],
	'53': SYSTEM_OBJECT,
	'80': SYSTEM_OBJECT,
};
