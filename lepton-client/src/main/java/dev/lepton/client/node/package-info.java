/** A host with a supervisor, as the registry sees it. */
@NullMarked
package dev.lepton.client.node;

import org.jspecify.annotations.NullMarked;
