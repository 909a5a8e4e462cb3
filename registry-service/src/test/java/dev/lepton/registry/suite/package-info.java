/** One suite, on each kind of PostgreSQL that the registry is made for. */
@NullMarked
package dev.lepton.registry.suite;

import org.jspecify.annotations.NullMarked;
