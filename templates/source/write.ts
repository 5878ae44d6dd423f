/** `npm run templates`: writes the templates as JSON beside this folder. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { TEMPLATES } from './all.ts';
import type { Template } from './flow.ts';

/** As it is committed. */
export async function templateText(template: Template): Promise<string> {
	const config = await resolveConfig(path.join(import.meta.dirname, '../template.json'));
	return await format(JSON.stringify(template), { ...config, parser: 'json' });
}

export async function writeTemplates(project: string): Promise<number> {
	for (const [name, template] of Object.entries(TEMPLATES))
		await writeFile(path.join(project, 'templates', `${name}.json`), await templateText(template));
	return 0;
}
