/** How the units of each service are recovered: policies with all their versions. */
@NullMarked
package dev.lepton.registry.policy;

import org.jspecify.annotations.NullMarked;
