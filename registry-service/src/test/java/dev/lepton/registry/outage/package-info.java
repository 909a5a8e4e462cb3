/** The registry while its PostgreSQL is away, in all the ways in which it can be. */
@NullMarked
package dev.lepton.registry.outage;

import org.jspecify.annotations.NullMarked;
