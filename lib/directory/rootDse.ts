/** What a controller says about itself and its domain (MS-ADTS 3.1.1.3.2), read once for each run. */
import type { Connection } from './connection';
import { bytesOf, textOf, textsOf, valuesOf } from './entry';
import { DirectoryError } from './errors';
import { guidToText } from './guid';
import { sidToText } from './sid';

export type DomainFacts = {
	readonly dn: string;
	readonly domainGuid: string;
	readonly domainSid: string;
	/** The domain's name in DNS. */
	readonly name: string;
	readonly controller: string;
	readonly functionalLevel: string;
	/** By the domain's default policy; fine-grained policies may ask for more. */
	readonly minimumPasswordLength: number;
	/** The controller's clock minus this machine's, in milliseconds. */
	readonly clockOffsetMs: number;
	/** Security identifiers of the account that is logged on and of its groups; empty where the controller does not say. */
	readonly ownSids: readonly string[];
};

/** LDAP_CAP_ACTIVE_DIRECTORY_PARTIAL_SECRETS_OID: a read-only controller (MS-ADTS 3.1.1.3.4.3.5). */
const READ_ONLY_CONTROLLER = '1.2.840.113556.1.4.1920';
/** LDAP_CAP_ACTIVE_DIRECTORY_OID (MS-ADTS 3.1.1.3.4.3.1). */
const ACTIVE_DIRECTORY = '1.2.840.113556.1.4.800';

/** DS_BEHAVIOR_* (MS-ADTS 6.1.4.4). */
const FUNCTIONAL_LEVELS: Readonly<Record<string, string>> = {
	'0': 'Windows 2000',
	'2': 'Windows Server 2003',
	'3': 'Windows Server 2008',
	'4': 'Windows Server 2008 R2',
	'5': 'Windows Server 2012',
	'6': 'Windows Server 2012 R2',
	'7': 'Windows Server 2016',
	'10': 'Windows Server 2025',
};

/**
 * @param now this machine's clock, milliseconds since 1970
 * @throws DirectoryError (configuration) when this is no writable controller of Active Directory
 */
export async function readDomain(connection: Pick<Connection, 'read'>, now: () => number): Promise<DomainFacts> {
	const attributes = [
		'defaultNamingContext',
		'dnsHostName',
		'domainFunctionality',
		'supportedCapabilities',
		'currentTime',
		'tokenGroups',
	];
	const root = await connection.read('', attributes);
	const dn = root && textOf(root, 'defaultNamingContext');
	const capabilities = root ? textsOf(root, 'supportedCapabilities') : [];
	if (!root || !dn || !capabilities.includes(ACTIVE_DIRECTORY)) {
		throw unusable(
			'This server is not a domain controller of Active Directory.',
			'Enter the host name of a domain controller in the credential.',
		);
	}
	const controller = textOf(root, 'dnsHostName') ?? '';
	if (isReadOnly(capabilities)) {
		throw unusable(
			`The domain controller ${controller} is a read-only one.`,
			'Enter a writable domain controller in the credential.',
		);
	}
	const clock = parseGeneralizedTime(textOf(root, 'currentTime'));
	const head = await connection.read(dn, ['objectGUID', 'objectSid', 'minPwdLength']);
	const [guid, sid] = head ? [bytesOf(head, 'objectGUID'), bytesOf(head, 'objectSid')] : [];
	if (!head || !guid || !sid)
		throw unusable(`The service account cannot read the domain object ${dn}.`, 'Give it the right to read the domain.');
	const level = textOf(root, 'domainFunctionality') ?? '';
	return {
		dn,
		domainGuid: guidToText(guid),
		domainSid: sidToText(sid),
		name: [...dn.matchAll(/DC=([^,]+)/gi)].map((match) => match[1]).join('.'),
		controller,
		functionalLevel: FUNCTIONAL_LEVELS[level] ?? `level ${level}`,
		minimumPasswordLength: Number(textOf(head, 'minPwdLength') ?? 0),
		clockOffsetMs: clock === undefined ? 0 : clock - now(),
		ownSids: valuesOf(root, 'tokenGroups').flatMap((own) => (typeof own === 'string' ? [] : [sidToText(own)])),
	};
}

/** @param capabilities supportedCapabilities of the rootDSE */
export function isReadOnly(capabilities: readonly string[]): boolean {
	return capabilities.includes(READ_ONLY_CONTROLLER);
}

function unusable(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'configuration', message, whatToDo });
}

/** `20261123180501.0Z` (X.680 section 46, as AD writes it: always UTC) in milliseconds since 1970. */
export function parseGeneralizedTime(text: string | undefined): number | undefined {
	const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?Z$/.exec(text ?? '');
	if (!match) return undefined;
	const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
	return Date.UTC(year, month - 1, day, hour, minute, second);
}
