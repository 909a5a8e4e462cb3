/** The registry: the truth about units, in PostgreSQL. */
@NullMarked
package dev.lepton.registry;

import org.jspecify.annotations.NullMarked;
