import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isCustomExtension } from '../../../credentials/customExtension';

let folder: string;

beforeAll(() => {
	folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'ad-provisioning-extension-')));
	for (const name of ['extension/credentials', 'extension-other', '.n8n/custom/own', '.n8n/nodes/node_modules/own'])
		mkdirSync(path.join(folder, name), { recursive: true });
	symlinkSync(path.join(folder, 'extension'), path.join(folder, 'link'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const isOne = (place: string, named?: string) =>
	isCustomExtension(path.join(folder, place), {
		N8N_USER_FOLDER: folder,
		...(named === undefined ? {} : { N8N_CUSTOM_EXTENSIONS: named }),
	});

describe('a custom extension of n8n', () => {
	test('lies in .n8n/custom', () => {
		expect(isOne('.n8n/custom/own')).toBe(true);
	});

	test('lies in a folder that N8N_CUSTOM_EXTENSIONS names, or one of several', () => {
		expect(isOne('extension/credentials', path.join(folder, 'extension'))).toBe(true);
		expect(isOne('extension/credentials', `/nowhere;${path.join(folder, 'extension')}`)).toBe(true);
		expect(isOne('extension', path.join(folder, 'extension'))).toBe(true);
	});

	test('is found through a symbolic link', () => {
		expect(isOne('extension/credentials', path.join(folder, 'link'))).toBe(true);
	});

	test.each([undefined, '', ';', '/nowhere', 'relative'])('is not an installed package, with %j', (named) => {
		expect(isOne('.n8n/nodes/node_modules/own', named)).toBe(false);
	});

	test('is not what lies beside such a folder', () => {
		expect(isOne('extension-other', path.join(folder, 'extension'))).toBe(false);
		expect(isOne('', path.join(folder, 'extension'))).toBe(false);
	});
});
