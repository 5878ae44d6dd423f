/** Every operation by resource and name, as the parameters name them. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { textParameter } from '../parameters';
import type { Operation } from '../run';
import { operation as addMembers } from './group/addMembers.operation';
import { operation as getManyGroups } from './group/getMany.operation';
import { operation as getMembers } from './group/getMembers.operation';
import { operation as removeMembers } from './group/removeMembers.operation';
import { operation as setMembers } from './group/setMembers.operation';
import { operation as createUnit } from './organizationalUnit/create.operation';
import { operation as getManyUnits } from './organizationalUnit/getMany.operation';
import { operation as create } from './user/create.operation';
import { operation as createOrUpdate } from './user/createOrUpdate.operation';
import { operation as deleteUser } from './user/delete.operation';
import { operation as disable } from './user/disable.operation';
import { operation as enable } from './user/enable.operation';
import { operation as get } from './user/get.operation';
import { operation as getMany } from './user/getMany.operation';
import { operation as move } from './user/move.operation';
import { operation as rename } from './user/rename.operation';
import { operation as resetPassword } from './user/resetPassword.operation';
import { operation as restoreDeleted } from './user/restoreDeleted.operation';
import { operation as setExpiry } from './user/setExpiry.operation';
import { operation as unlock } from './user/unlock.operation';
import { operation as update } from './user/update.operation';

type Operations = Readonly<Record<string, Operation | ((context: IExecuteFunctions) => Operation)>>;

const OPERATIONS: Readonly<Record<string, Operations>> = {
	user: {
		...{ create, createOrUpdate, delete: deleteUser, disable, enable, get, getMany, move, rename, resetPassword },
		...{ restoreDeleted, setExpiry, unlock, update },
	},
	group: { addMembers, getMany: getManyGroups, getMembers, removeMembers, setMembers },
	organizationalUnit: { create: createUnit, getMany: getManyUnits },
};

/** @returns undefined for a pair of names that a workflow written by hand may have */
export function operationOf(context: IExecuteFunctions): Operation | undefined {
	const resource = textParameter(context, 'resource', 0) || 'user';
	const name = textParameter(context, 'operation', 0);
	const operations = Object.hasOwn(OPERATIONS, resource) ? OPERATIONS[resource] : undefined;
	const operation = operations && Object.hasOwn(operations, name) ? operations[name] : undefined;
	return typeof operation === 'function' ? operation(context) : operation;
}
