/** How the gateway ends in order without a request that meets its end. */
@NullMarked
package dev.lepton.gateway.leaving;

import org.jspecify.annotations.NullMarked;
