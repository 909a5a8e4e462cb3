/**
 * What the operators and the registry's leader want of a unit, as one row that supervisors follow.
 */
@NullMarked
package dev.lepton.client.desired;

import org.jspecify.annotations.NullMarked;
