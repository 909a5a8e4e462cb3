/** Units and services as this replica sees them in memory. */
@NullMarked
package dev.lepton.registry.catalog;

import org.jspecify.annotations.NullMarked;
