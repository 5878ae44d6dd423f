/** The real directory of the tests: a throw-away Samba domain controller for each test file that asks for one. */
import { startDomain, type Domain } from '../../demo/samba/domain.ts';

export type { Domain };

/** Starts a domain controller on a free loopback address. Give it back with `stop()` in `afterAll`. */
export async function startSamba(): Promise<Domain> {
	return await startDomain();
}
