/**
 * Units that go down and come up again and again, and for how long they are kept out of routing.
 */
@NullMarked
package dev.lepton.registry.flap;

import org.jspecify.annotations.NullMarked;
