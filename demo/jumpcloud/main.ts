/** The simulator alone, for building flows by hand: `node demo/jumpcloud/main.ts [--port 4010]`. */
import { parseArgs } from 'node:util';
import { seedPeople } from './people.ts';
import { startJumpCloud } from './server.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4010' } } });
const apiKey = 'demo-key-of-the-simulator';
const organizationId = '5f1b1bb2c9e77742c1cd0b66';
const simulator = await startJumpCloud({
	host: '127.0.0.1',
	port: Number(values.port),
	people: seedPeople({ seed: 20_261_123, count: 250 }),
	apiKey,
	organizationId,
});
console.log(
	`JumpCloud simulator on ${simulator.url}\n  API key          ${apiKey}\n  Organization ID  ${organizationId} (optional)\nCtrl-C stops it.`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
