/** The test's own hand in the directory, apart from the engine: preparing it, and trying passwords. */
import { Client } from 'ldapts';
import type { Domain } from '../support/samba';

function client(domain: Domain): Client {
	return new Client({ url: domain.ldapsUrl, tlsOptions: { ca: [domain.caPem], servername: domain.serverName } });
}

export async function asAdministrator<T>(domain: Domain, work: (client: Client) => Promise<T>): Promise<T> {
	const own = client(domain);
	await own.bind(domain.bindDn, domain.password);
	try {
		return await work(own);
	} finally {
		await own.unbind();
	}
}

/** Whether an account can log on with a password. */
export async function canBind(domain: Domain, dn: string, password: string): Promise<boolean> {
	const own = client(domain);
	try {
		await own.bind(dn, password);
		return true;
	} catch {
		return false;
	} finally {
		await own.unbind();
	}
}
