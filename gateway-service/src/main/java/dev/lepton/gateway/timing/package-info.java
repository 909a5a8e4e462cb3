/** How long clients wait for their answers. */
@NullMarked
package dev.lepton.gateway.timing;

import org.jspecify.annotations.NullMarked;
