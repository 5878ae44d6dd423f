/** What one running simulator knows: its people, groups and events. Every simulator has its own. */
import type { DirectoryEvent, NewEvent } from './events.ts';
import type { UserGroup } from './groups.ts';
import type { AccountState } from './account.ts';
import type { JumpCloudUser } from './people.ts';

export type Directory = {
	/** To be changed by tests while it runs; that writes no event. */
	readonly users: JumpCloudUser[];
	readonly groups: UserGroup[];
	/** Oldest first. */
	readonly events: DirectoryEvent[];
	readonly organizationId: string;
	/** State of a new person where the request names none: the setting `newSystemUserStateDefaults.manualEntry` of the organization. */
	readonly newUserState: Exclude<AccountState, 'SUSPENDED'>;
	readonly now: () => Date;
	/** Adds an event, made of what the change says. */
	readonly record: (event: NewEvent) => void;
	/** 24 hexadecimal digits that nothing else has. */
	readonly newId: () => string;
};
