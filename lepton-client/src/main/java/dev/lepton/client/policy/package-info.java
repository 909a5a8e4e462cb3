/** How the units of a service are recovered, as an operator can change it while they run. */
@NullMarked
package dev.lepton.client.policy;

import org.jspecify.annotations.NullMarked;
