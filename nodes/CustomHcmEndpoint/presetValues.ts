/** What a source is made of: rows of Endpoints as the editor stores them, and the few questions a source asks. */
import type { HttpMethod, ReplyFormat } from '../../lib/hcm/types';

type Parameters = { readonly parameters: ReadonlyArray<{ readonly name: string; readonly value: string }> };

/** One row of Endpoints as the editor stores it. */
export type EndpointValues = {
	readonly name: string;
	readonly method: HttpMethod;
	readonly url: string;
	readonly query: Parameters;
	readonly headers: Parameters;
	readonly bodyType: 'none' | 'json' | 'form' | 'xml' | 'raw';
	readonly jsonBody: string;
	readonly formBody: Parameters;
	readonly textBody: string;
	readonly textContentType: string;
	readonly recordsPath: string;
	readonly primaryKey: string;
	readonly paging: 'none' | 'offset' | 'page' | 'cursor' | 'nextUrl' | 'link';
	readonly pagingIn: 'query' | 'body';
	readonly pageSize: number;
	readonly limitParameter: string;
	readonly offsetParameter: string;
	readonly start: number;
	readonly pageParameter: string;
	readonly firstPage: number;
	readonly cursorFrom: 'body' | 'header';
	readonly cursorPath: string;
	readonly cursorParameter: string;
	readonly cursorIn: 'query' | 'body' | 'header';
	readonly nextPath: string;
	readonly stops: {
		readonly totalPath?: string;
		readonly totalHeader?: string;
		readonly pagesPath?: string;
		readonly pagesHeader?: string;
		readonly hasMorePath?: string;
		readonly hasMoreHeader?: string;
		readonly shortPage?: boolean;
		/** n8n's filter control, raw. */
		readonly when?: unknown;
	};
	readonly settings: {
		readonly dependsOn?: string;
		readonly idField?: string;
		readonly joinOn?: string;
		readonly listOnly?: boolean;
		readonly parentFields?: string;
		readonly responseFormat?: ReplyFormat;
		readonly returnsOnlySome?: boolean;
		readonly several?: boolean;
		readonly unwrapIdKey?: boolean;
		readonly unwrapPath?: string;
	};
};

export type PresetName =
	| 'bambooHrEmployees'
	| 'custom'
	| 'graphUsers'
	| 'gusto'
	| 'hiBob'
	| 'jumpCloudUsers'
	| 'jumpCloudUsersWithGroups'
	| 'oktaUsers'
	| 'personio'
	| 'scimUsers'
	| 'workdayReport';

export type Preset = {
	readonly displayName: string;
	readonly description: string;
	/** Which credential it needs, for the notice above its settings. */
	readonly hint: string;
	/** The few ids that it asks for; `{preset.name}` in its endpoints. */
	readonly ids: ReadonlyArray<{
		readonly name: string;
		readonly displayName: string;
		readonly placeholder: string;
		readonly description: string;
	}>;
	/** A filter that makes the feed a delta; it goes into the first endpoint's query. */
	readonly filter?: {
		readonly displayName: string;
		readonly placeholder: string;
		readonly description: string;
		readonly parameter: string;
	};
	readonly endpoints: readonly EndpointValues[];
};

/** Query parameters or headers, in order. */
export const parameters = (...pairs: ReadonlyArray<readonly [name: string, value: string]>): Parameters => ({
	parameters: pairs.map(([name, value]) => ({ name, value })),
});

/** The row that Custom begins with: one GET. */
export const ROW: EndpointValues = {
	name: 'People',
	method: 'GET',
	url: '',
	query: parameters(),
	headers: parameters(),
	bodyType: 'none',
	jsonBody: '{}',
	formBody: parameters(),
	textBody: '',
	textContentType: 'text/plain',
	recordsPath: '',
	primaryKey: 'id',
	paging: 'none',
	pagingIn: 'query',
	pageSize: 100,
	limitParameter: 'limit',
	offsetParameter: 'offset',
	start: 0,
	pageParameter: 'page',
	firstPage: 1,
	cursorFrom: 'body',
	cursorPath: '',
	cursorParameter: 'cursor',
	cursorIn: 'query',
	nextPath: '',
	stops: {},
	settings: {},
};

/** A row with what is said, and defaults for the rest. */
export const row = (values: Partial<EndpointValues>): EndpointValues => ({ ...ROW, ...values });
