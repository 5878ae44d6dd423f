/** What can go wrong with a lease, in the operator's words. */
import { DirectoryError } from '../../directory/errors';
import type { LeaseValue } from './leaseText';

type At = { readonly dn: string; readonly attribute: string };

const RIGHTS =
	'The service account needs to read the object and to write this one attribute of it: dsacls "<distinguished name>" /G "<service account>:RPWP;<attribute>". docs/plan.md shows how the object is made.';

export function noObject({ dn }: At): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		message: `The lease object ${dn} does not exist, or the service account cannot read it.`,
		whatToDo: `Check Lease Object: an object (a container, for example) made beforehand for nothing but this. ${RIGHTS}`,
	});
}

export function foreignText({ dn, attribute }: At): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		attribute,
		message: `The attribute ${attribute} of the lease object ${dn} holds a text that is no lease. It was not overwritten.`,
		whatToDo:
			'Choose an object or an attribute that nothing else uses (adminDescription, for example), or empty the attribute by hand.',
	});
}

export function noRight({ dn, attribute }: At, { message, code, win32, said }: DirectoryError): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		attribute,
		message: `The lease could not be written to the attribute ${attribute} of ${dn}: ${message}`,
		whatToDo: `${RIGHTS} Objects of its class must have the attribute.`,
		...(code === undefined ? {} : { code }),
		...(win32 === undefined ? {} : { win32 }),
		...(said === undefined ? {} : { said }),
	});
}

/** @param other who holds it; undefined = many runs of this plan kept swapping it */
export function heldTooLong({ dn }: At, other: LeaseValue | undefined): DirectoryError {
	return new DirectoryError({
		kind: 'busy',
		message: other
			? `Another plan is being applied: plan ${other.planId} holds the lease ${dn} until ${other.expiry}, and renews it. Nothing was written.`
			: `The lease ${dn} could not be taken: others kept taking it. Nothing was written.`,
		whatToDo: 'Apply this plan when the other one is done.',
	});
}

export function lostLease({ dn }: At, other: LeaseValue): DirectoryError {
	return new DirectoryError({
		kind: 'conflict',
		message: `The lease ${dn} was lost: plan ${other.planId} has taken it, until ${other.expiry}. This run stops here.`,
		whatToDo:
			'Wait until the other plan is done, then apply this one again: what is done already is found, and left as it is.',
	});
}

export function ranOut({ dn }: At): DirectoryError {
	return new DirectoryError({
		kind: 'conflict',
		message: `The lease ${dn} ran out before it was renewed: another plan may have been applied meanwhile. This run stops here.`,
		whatToDo: 'Apply the plan again: what is done already is found, and left as it is.',
	});
}
