/** Progress lines with the time since the start, so that a person sees what takes long. */

const started = Number(process.env.AD_PROVISIONING_STARTED ?? Date.now());
process.env.AD_PROVISIONING_STARTED = String(started);

/** @param {string} text one line, without the time */
export function say(text) {
	console.log(`[${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s] ${text}`);
}

/**
 * Says that a step begins and, when it took longer than a second, how long it took.
 * @template T
 * @param {string} text what is done, as a person would say it
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(text, work) {
	const begin = Date.now();
	say(`${text} ...`);
	const result = await work();
	const seconds = (Date.now() - begin) / 1000;
	if (seconds >= 1) say(`${text}: done (${seconds.toFixed(1)} s)`);
	return result;
}
