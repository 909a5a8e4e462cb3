/** What is wanted of each unit: one row per unit, changed by compare-and-set. */
@NullMarked
package dev.lepton.registry.desired;

import org.jspecify.annotations.NullMarked;
