import { setMembers } from '../../../../lib/directory/groups/change';
import { switchedOn } from '../../parameters';
import { changeMembers } from './changeMembers';

export const operation = changeMembers({
	exact: true,
	change: (context) => {
		const allowEmpty = switchedOn(context, 'allowEmpty');
		return (run, group, members) => setMembers(run, group, members, { allowEmpty });
	},
});
