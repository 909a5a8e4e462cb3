/** Drills: an operator proves that recovery works, without being able to hurt the service by it. */
@NullMarked
package dev.lepton.supervisor.drill;

import org.jspecify.annotations.NullMarked;
