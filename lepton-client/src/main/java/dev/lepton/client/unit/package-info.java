/**
 * What a unit is: its identity, its address, its state and the view of it that the registry gives.
 */
@NullMarked
package dev.lepton.client.unit;

import org.jspecify.annotations.NullMarked;
