/** Who may be a unit: identity, incarnations, and the refusals that last for ever. */
@NullMarked
package dev.lepton.registry.registration;

import org.jspecify.annotations.NullMarked;
