/** A unit as a row of PostgreSQL, and the rules of identity that govern who may be it. */
@NullMarked
package dev.lepton.registry.unit;

import org.jspecify.annotations.NullMarked;
