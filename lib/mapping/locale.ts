/** Whose spelling and whose numbers: a person's language and country, as far as they are known. */
export type Locale = {
	/** Lower-case primary tag such as "de" (BCP 47); '' = unknown. */
	readonly language: string;
	/** ISO 3166-1 alpha-2 in capitals such as "DE"; '' = unknown. */
	readonly country: string;
};

export const NO_LOCALE: Locale = { language: '', country: '' };
