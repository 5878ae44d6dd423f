/** What the HR system of worker-service.ts says and takes, as its vendor would describe it (JSON Schema). */
const text = { type: 'string', minLength: 1 } as const;
const day = { type: 'string', pattern: '^\\d{2}\\.\\d{2}\\.\\d{4}$' } as const;
const code = (pattern: string) => ({ type: 'string', pattern }) as const;
const object = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
	type: 'object',
	properties,
	required: Object.keys(properties).filter((name) => !optional.includes(name)),
	additionalProperties: false,
});
const list = (items: object) => ({ type: 'array', items });

const WORKER_ID = code('^W-\\d+$');
const CONTACT = object({ kind: { enum: ['mobile', 'private'] }, value: text });
const SITE = object({ code: code('^[A-Z]{3}$'), country: code('^[A-Z]{2}$') });

export const SCHEMAS = {
	list: object(
		{ workers: list(object({ workerId: WORKER_ID, number: text, status: { enum: ['A', 'T', 'L'] } })), next: text },
		['next'],
	),
	details: object({
		workerId: WORKER_ID,
		person: object({ name: object({ given: text, family: text }), contact: list(CONTACT) }),
		job: object({ title: text, unit: code('^D\\d\\d$'), site: SITE, manager: WORKER_ID }, ['manager']),
		contract: object({ kind: code('^[A-Z]$'), from: day, to: day }, ['to']),
	}),
	account: object({ logonName: text, mail: { type: 'string', pattern: '@' } }),
} as const;
