/** Which of many entries stand below certain places, without parsing every name: as many parents are parsed as there are. */
import { isWithin, parentText } from '../../schema/dn';

/**
 * @param places distinguished names
 * @returns whether a name that a directory wrote stands in or below one of them
 */
export function belowAny(places: readonly string[]): (dn: string) => boolean {
	if (places.length === 0) return () => false;
	const known = new Map<string, boolean>();
	return (dn) => {
		const parent = parentText(dn);
		let below = known.get(parent);
		if (below === undefined) {
			below = places.some((place) => isWithin(parent, place));
			known.set(parent, below);
		}
		return below;
	};
}

/** Places without those that stand in or below another of them: nothing is read twice. */
export function outermost(places: readonly string[]): string[] {
	return places.filter(
		(place, index) =>
			!places.some((other, at) => at !== index && isWithin(place, other) && (at < index || !isWithin(other, place))),
	);
}
