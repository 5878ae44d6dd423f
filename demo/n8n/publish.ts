/** Publishing workflows on a running n8n, which takes them up at once. */
import type { N8nClient } from './client.ts';

type Stored = { readonly id: string; readonly versionId: string };

/** Makes a workflow's latest version the one that triggers and other workflows use. Its children must be published. */
export async function publish(client: N8nClient, workflowId: string): Promise<void> {
	const { versionId } = (await client.request('GET', `/workflows/${workflowId}`)) as Stored;
	await client.request('POST', `/workflows/${workflowId}/activate`, { versionId });
}

/**
 * Saves a workflow that n8n does not have yet.
 * @returns its id
 */
export async function addWorkflow(client: N8nClient, workflow: object): Promise<string> {
	const { id } = (await client.request('POST', '/workflows', workflow)) as Stored;
	return id;
}

/**
 * Saves a credential.
 * @returns how nodes name it
 */
export async function addCredential(
	client: N8nClient,
	credential: { readonly name: string; readonly type: string; readonly data: Readonly<Record<string, unknown>> },
): Promise<{ readonly id: string; readonly name: string }> {
	const { id } = (await client.request('POST', '/credentials', credential)) as { readonly id: string };
	return { id, name: credential.name };
}
