/** This process among the replicas of the registry. */
@NullMarked
package dev.lepton.registry.replica;

import org.jspecify.annotations.NullMarked;
