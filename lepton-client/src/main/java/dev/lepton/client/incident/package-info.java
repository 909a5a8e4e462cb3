/** One failure of a unit from its beginning to the first request that the unit takes again. */
@NullMarked
package dev.lepton.client.incident;

import org.jspecify.annotations.NullMarked;
