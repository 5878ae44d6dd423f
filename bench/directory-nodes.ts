/** n8n nodes on the bench's domain, in this process by n8n's own engine: this package's, as it is shipped, and n8n's LDAP node. */
import path from 'node:path';
import type { IDataObject, INode, INodeType } from 'n8n-workflow';
import type { Domain } from '../demo/samba/domain.ts';
import { credentialFields } from '../test/support/directory';
import type { Target } from './directory-people';
import { chain, node, runWorkflow, TYPES, withCredentials } from '../test/support/n8n-core';

export type NodeRun = {
	/** The node's own time. */
	readonly ms: number;
	/** Items by output. */
	readonly items: readonly (readonly IDataObject[])[];
};

type Executes = { execute: NonNullable<INodeType['execute']> };
const LDAP = 'n8n-nodes-base.ldap';

let nodeTime = 0;

/** Has a node's own time taken from now on. */
function timed(prototype: Executes): void {
	const { execute } = prototype;
	prototype.execute = async function (...args) {
		const begin = performance.now();
		try {
			return await execute.apply(this, args);
		} finally {
			nodeTime = performance.now() - begin;
		}
	};
}

/* eslint-disable @typescript-eslint/no-require-imports -- found at run time: as it is shipped, and in n8n's own folder */
const { AdProvision } = require('../dist/nodes/AdProvision/AdProvision.node.js') as {
	AdProvision: { prototype: Executes };
};
timed(AdProvision.prototype);

/** @param modules n8n's node_modules */
function ldapNode(modules: string): INodeType {
	const { Ldap } = require(path.join(modules, 'n8n-nodes-base/dist/nodes/Ldap/Ldap.node.js')) as {
		Ldap: new () => INodeType;
	};
	const own = new Ldap();
	timed(own as Executes);
	return own;
}
/* eslint-enable @typescript-eslint/no-require-imports */

async function run(
	worker: INode,
	input: readonly object[],
	options: Parameters<typeof runWorkflow>[1],
): Promise<NodeRun> {
	const nodes = [node('Start', TYPES.start, {}), worker];
	const done = await runWorkflow(
		{ nodes, connections: chain('Start', worker.name) },
		{ ...options, input: input as readonly IDataObject[] },
	);
	if (done.error) throw new Error(`${worker.type}: ${done.error.message} ${done.error.description ?? ''}`);
	return { ms: nodeTime, items: done.out(worker.name) };
}

/** AD Provision, with the parameters given. */
export async function runNode(
	target: Target,
	parameters: INode['parameters'],
	input: readonly object[],
): Promise<NodeRun> {
	const credentials = { adLdapApi: credentialFields(target as Domain) as never };
	return await run(node('AD', TYPES.adProvision, parameters, withCredentials('adLdapApi')), input, { credentials });
}

let ldap: INodeType | undefined;

/** n8n's own LDAP node. */
export async function runLdapNode(
	target: Target,
	modules: string,
	parameters: INode['parameters'],
	input: readonly object[],
): Promise<NodeRun> {
	ldap ??= ldapNode(modules);
	const credential = {
		...{ hostname: target.host, port: target.ldapsPort, bindDN: target.bindDn, bindPassword: target.password },
		...{ connectionSecurity: 'tls', allowUnauthorizedCerts: false, caCertificate: target.caPem, timeout: 300 },
	};
	return await run(node('LDAP', LDAP, { nodeDebug: false, ...parameters }, withCredentials('ldap')), input, {
		credentials: { ldap: credential },
		extraNodes: { [LDAP]: ldap },
	});
}
