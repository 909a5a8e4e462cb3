/** How often requests may be sent again, so that retries do not finish off what has become slow. */
@NullMarked
package dev.lepton.gateway.budget;

import org.jspecify.annotations.NullMarked;
