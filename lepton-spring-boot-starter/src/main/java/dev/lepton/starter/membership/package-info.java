/** The unit's place in the registry: registration, beats, drain, deregistration. */
@NullMarked
package dev.lepton.starter.membership;

import org.jspecify.annotations.NullMarked;
