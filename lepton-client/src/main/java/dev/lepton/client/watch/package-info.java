/**
 * The resumable stream of the registry's change log, and the picture of the fleet that it keeps
 * current.
 */
@NullMarked
package dev.lepton.client.watch;

import org.jspecify.annotations.NullMarked;
