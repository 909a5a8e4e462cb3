/** The states of a unit and every move between them, as one pure total function. */
@NullMarked
package dev.lepton.registry.lifecycle;

import org.jspecify.annotations.NullMarked;
