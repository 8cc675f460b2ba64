// Package address is where people live: up to 20 addresses a user, in North America.
//
// An address is seen only while its user is live, and is gone when it is deleted. Its postal code always fits
// its country: the rule runs at the edge for what is sent, and here for what a merge patch makes of it.
package address
