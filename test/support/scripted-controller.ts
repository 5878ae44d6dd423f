/** A script for the LDAP peer: the few objects by which a domain controller says what it is. Not an Active Directory. */
import { guidToBytes } from '../../lib/directory/guid';
import { sidToBytes } from '../../lib/directory/sid';
import type { PeerAnswer, PeerRequest, Script } from './ldap-peer';

export const SCRIPTED_DN = 'DC=scripted,DC=example';
const SETTINGS_DN = `CN=NTDS Settings,CN=Peer,CN=Servers,CN=Configuration,${SCRIPTED_DN}`;

/** What a controller of the script says about itself; a test changes it while the controller runs. */
export type ScriptedController = {
	readonly name: string;
	domainGuid: string;
	invocationId: string;
	/** Its highest update sequence number; each write raises it. */
	usn: number;
	/** Up to which number it has what others wrote, by their invocation ids. */
	cursors: Record<string, number>;
	readOnly: boolean;
	/** The name that its clock shows, as the rootDSE has it. */
	currentTime: string;
};

export function scriptedController(name: string, changes: Partial<ScriptedController> = {}): ScriptedController {
	return {
		name,
		domainGuid: '11111111-1111-4111-8111-111111111111',
		invocationId: '22222222-2222-4222-8222-222222222222',
		usn: 1000,
		cursors: {},
		readOnly: false,
		currentTime: '20260101000000.0Z',
		...changes,
	};
}

const one = (dn: string, attributes: Record<string, readonly (string | Buffer)[]>): PeerAnswer => ({
	entries: [{ dn, attributes }],
});

/** Answers for the controller itself, then for what the test adds, then success to every write and nothing to every search. */
export function controllerScript(
	controller: ScriptedController,
	more: (request: PeerRequest) => PeerAnswer | 'silence' | undefined = () => undefined,
): Script {
	return (request) => {
		const own = more(request);
		if (own === 'silence') return undefined;
		if (own) return own;
		const { operation, dn, attributes } = request;
		if (operation !== 'search') {
			if (operation !== 'bind' && operation !== 'extended') controller.usn += 1;
			return {};
		}
		if (dn === '') return rootDse(controller);
		if (dn === SETTINGS_DN) return one(dn, { invocationId: [guidToBytes(controller.invocationId)] });
		if (dn !== SCRIPTED_DN) return request.page ? { cookie: '' } : { code: 32, message: '0000208D: NameErr: DSID-1' };
		return attributes.includes('msDS-NCReplCursors')
			? one(dn, { 'msDS-NCReplCursors': cursors(controller) })
			: head(controller);
	};
}

function rootDse(controller: ScriptedController): PeerAnswer {
	return one('', {
		defaultNamingContext: [SCRIPTED_DN],
		dsServiceName: [SETTINGS_DN],
		dnsHostName: [`${controller.name}.scripted.example`],
		highestCommittedUSN: [String(controller.usn)],
		domainFunctionality: ['7'],
		currentTime: [controller.currentTime],
		supportedCapabilities: ['1.2.840.113556.1.4.800', ...(controller.readOnly ? ['1.2.840.113556.1.4.1920'] : [])],
	});
}

function head(controller: ScriptedController): PeerAnswer {
	return one(SCRIPTED_DN, {
		objectGUID: [guidToBytes(controller.domainGuid)],
		objectSid: [sidToBytes('S-1-5-21-1-2-3')],
		minPwdLength: ['7'],
	});
}

/** As AD writes them: a NUL at the end, elements on lines of their own (MS-ADTS 3.1.1.4.5.14). */
function cursors(controller: ScriptedController): string[] {
	return Object.entries(controller.cursors).map(
		([id, usn]) =>
			`<DS_REPL_CURSOR>\n\t<uuidSourceDsaInvocationID>${id}</uuidSourceDsaInvocationID>\n\t<usnAttributeFilter>${usn}</usnAttributeFilter>\n\t<ftimeLastSyncSuccess>2026-01-01T00:00:00Z</ftimeLastSyncSuccess>\n\t<pszSourceDsaDN></pszSourceDsaDN>\n</DS_REPL_CURSOR>\n\u0000`,
	);
}
