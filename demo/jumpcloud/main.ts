/** The simulator alone, for building flows by hand: `node demo/jumpcloud/main.ts [--port 4010]`. */
import { parseArgs } from 'node:util';
import { ORGANIZATION, seedPeople } from './people.ts';
import { startJumpCloud } from './server.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4010' } } });
// Invented, printed below, and good for nothing but this simulator.
const known = {
	apiKey: 'demo-key-of-the-simulator',
	clientId: 'demo-client',
	clientSecret: 'demo-secret-of-the-simulator',
};
if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
	throw new Error(`--port takes a number up to 65535, not "${values.port}".`);
const simulator = await startJumpCloud({
	host: '127.0.0.1',
	port: Number(values.port),
	people: seedPeople({ seed: 20_261_123, count: 250 }),
	...known,
	organizationId: ORGANIZATION,
});
console.log(
	[
		`JumpCloud simulator on ${simulator.url}`,
		`  API key          ${known.apiKey}`,
		`  Organization ID  ${ORGANIZATION} (optional)`,
		`  Service account  ${known.clientId}, secret ${known.clientSecret}, token URL ${simulator.url}/oauth2/token`,
		'Ctrl-C stops it.',
	].join('\n'),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
