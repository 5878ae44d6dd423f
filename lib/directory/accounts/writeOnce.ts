/** A write whose answer may get lost. */
import { DirectoryError } from '../errors';

/**
 * Sends a write that is safe to send again: one with a condition, or one that says the same each time. When the connection breaks before the
 * answer, the object decides, read over a new connection: done, or once more. The second time the first may still be on its way and be done
 * before it, so that any answer may only mean that there was nothing left to do: the object is looked at then too.
 * @param done whether the object is as the write would have made it
 * @throws DirectoryError of the write, or of reading
 */
export async function writeOnce(write: () => Promise<void>, done: () => Promise<boolean>): Promise<void> {
	try {
		await write();
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind !== 'lost' || error.stage) throw error;
		if (await done()) return;
		try {
			await write();
		} catch (again) {
			if (!(again instanceof DirectoryError) || again.kind === 'cancelled' || !(await done())) throw again;
		}
	}
}
