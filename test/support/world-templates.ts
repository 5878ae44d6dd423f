/** One domain controller and one n8n with all templates, for many scenarios at the same time (flow-scenarios.ts). */
import path from 'node:path';
import { sambaDirectory } from '../../demo/directory.ts';
import { startWorld, type World, type WorldOptions } from '../../demo/world.ts';
import { readTemplates, type Template } from '../../demo/workflows.ts';
import { startSamba, type Domain } from './samba';

const PROJECT = path.resolve(__dirname, '../..');
/** The least that the world's own simulator takes; scenarios have people of their own. */
const PEOPLE = 60;

export type Stage = {
	readonly domain: Domain;
	readonly world: World;
	/** As they are shipped. */
	readonly shipped: readonly Template[];
	/** kill -9 on n8n, and a start on the same folder. Whoever is logged in stays so. */
	readonly killAndStart: () => Promise<void>;
	readonly close: () => Promise<void>;
};

export async function startStage(options: WorldOptions = {}): Promise<Stage> {
	const domain = await startSamba();
	try {
		const directory = await sambaDirectory(domain);
		const world = await startWorld(PROJECT, { people: PEOPLE, ...options, directory });
		return {
			...{ domain, world, close: world.stop },
			shipped: await readTemplates(PROJECT),
			killAndStart: async () => {
				await world.n8n.kill();
				await world.n8n.start();
			},
		};
	} catch (error) {
		await domain.stop();
		throw error;
	}
}
