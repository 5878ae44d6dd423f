/** What a builder does in n8n's editor to set a template up: credentials, imports, lists, publishing. By clicking only. */
import type { Locator, Page } from 'playwright-core';

const shown = (page: Page, id: string): Locator => page.locator(`[data-test-id="${id}"]:visible`);

/** Of the open dialog of a credential. */
export type CredentialDialog = {
	readonly field: (name: string) => Locator;
	readonly fill: (values: Readonly<Record<string, string | number>>) => Promise<void>;
	readonly choose: (name: string, option: string) => Promise<void>;
	readonly save: () => Promise<void>;
	/** Saved, and n8n has tested it. */
	readonly saveAndTest: () => Promise<void>;
	readonly close: () => Promise<void>;
};

/** Credentials -> Create credential -> its type -> its name. */
export async function createCredential(page: Page, url: string, type: string, name: string): Promise<CredentialDialog> {
	await page.goto(`${url}/home/credentials`);
	await shown(page, 'add-resource-credential').first().click();
	await page.locator('[data-test-id="new-credential-type-select"] input').fill(type);
	await shown(page, 'new-credential-type-select-option').filter({ hasText: type }).first().click();
	await shown(page, 'new-credential-type-button').click();
	const dialog = page.locator('[data-test-id="editCredential-modal"]');
	await shown(page, 'credential-name').click();
	await page.locator('[data-test-id="credential-name"] input').fill(name);
	await page.keyboard.press('Enter');
	const field = (parameter: string) => dialog.locator(`[data-test-id="parameter-input-${parameter}"]`);
	const save = async () => {
		const button = dialog.locator('[data-test-id="credential-save-button"]');
		await button.click();
		// It is grey again once it is saved.
		await dialog.locator('[data-test-id="credential-delete-button"]').waitFor();
	};
	return {
		field,
		fill: async (values) => {
			for (const [parameter, value] of Object.entries(values))
				await field(parameter).locator('input, textarea').first().fill(String(value));
		},
		choose: async (parameter, option) => {
			await field(parameter).click();
			await pickOption(page, option);
		},
		save,
		saveAndTest: async () => {
			await save();
			await dialog.getByText('Connection tested successfully').waitFor();
		},
		close: async () => {
			await page.keyboard.press('Escape');
			await dialog.waitFor({ state: 'hidden' });
		},
	};
}

/** An entry of the drop-down that is open, by its whole text. */
async function pickOption(page: Page, option: string): Promise<void> {
	const entry = page
		.locator('[role=option]:visible')
		.filter({ has: page.getByText(option, { exact: true }) })
		.first();
	await entry.click();
	await entry.waitFor({ state: 'hidden' });
}

/**
 * New workflow -> menu -> Import -> From file. The editor saves it by itself.
 * @returns the id that n8n gave it
 */
export async function importTemplate(page: Page, url: string, file: string): Promise<string> {
	await page.goto(`${url}/workflow/new`);
	await shown(page, 'workflow-menu').click();
	await shown(page, 'workflow-menu-item-import').hover();
	const fromFile = page.locator('[role=menuitem]:visible').filter({ hasText: /^From file$/ });
	const [chooser] = await Promise.all([page.waitForEvent('filechooser'), fromFile.click()]);
	await chooser.setFiles(file);
	await page.locator('[data-test-id="canvas-node"]').first().waitFor();
	await page.waitForURL((address) => /\/workflow\/(?!new)\w{10,}/.test(address.pathname));
	return /\/workflow\/(\w+)/.exec(page.url())?.[1] ?? '';
}

/** Publish -> Publish, in the open workflow. */
export async function publishByClicking(page: Page): Promise<void> {
	await shown(page, 'workflow-open-publish-modal-button').click();
	await shown(page, 'workflow-publish-button').click();
	const told = page.getByRole('dialog').filter({ hasText: 'Workflow published' });
	await told.waitFor();
	await told.getByRole('button', { name: 'Got it' }).click();
	await told.waitFor({ state: 'hidden' });
}

/** Menu -> Settings, in the open workflow; the list of error workflows is open then. */
export async function openErrorWorkflows(page: Page): Promise<(name: string) => Locator> {
	await shown(page, 'workflow-menu').click();
	await shown(page, 'workflow-menu-item-settings').click();
	await shown(page, 'workflow-settings-error-workflow').click();
	return (name) => page.locator('[role=option]:visible').filter({ hasText: name });
}

export async function saveSettings(page: Page): Promise<void> {
	await page.locator('[data-test-id="workflow-settings-save-button"] button').click();
	await page.locator('[data-test-id="workflow-settings-dialog"]').waitFor({ state: 'hidden' });
}

/** In the open panel of a node. */
export async function chooseCredential(page: Page, name: string): Promise<void> {
	await shown(page, 'node-credentials-select').click();
	await pickOption(page, name);
}

/** The open panel's list of a resource locator, opened and searched. */
export async function openList(page: Page, locator: Locator, words?: string): Promise<Locator> {
	const mode = locator.locator('[data-test-id="rlc-mode-selector"]');
	await locator.waitFor();
	if ((await mode.count()) > 0 && !/from list/i.test(await mode.locator('input').inputValue())) {
		await mode.click();
		await page
			.locator('li:visible', { hasText: /^from list$/i })
			.first()
			.click();
	}
	await locator.locator('[data-test-id="rlc-input-container"]').click();
	if (words !== undefined) await page.locator('[data-test-id="rlc-search"]:visible').fill(words);
	return page.locator('[data-test-id="rlc-item"]:visible');
}

/** How far the open panel, and the page, can be scrolled to the side. */
export async function sideways(page: Page): Promise<readonly number[]> {
	return await page.evaluate<number[]>(`[
		...document.querySelectorAll('[data-test-id="node-parameters"]'), document.scrollingElement, document.body,
	].map((one) => one.scrollWidth - one.clientWidth)`);
}
