import { addMembers } from '../../../../lib/directory/groups/change';
import { changeMembers } from './changeMembers';

export const operation = changeMembers({ change: () => addMembers });
