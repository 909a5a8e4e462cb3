/** How the registry reaches PostgreSQL, and what it does while it cannot. */
@NullMarked
package dev.lepton.registry.database;

import org.jspecify.annotations.NullMarked;
